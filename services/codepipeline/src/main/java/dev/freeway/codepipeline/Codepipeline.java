package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.*;

import dev.freeway.codepipeline.api.CodepipelineApi;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Clients;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// CodePipeline: contents page.
public final class Codepipeline implements Service {
  private final PipelineCrud crud;
  private final PipelineTags tags;
  private final StartExecution startExecution;
  private final StopExecution stopExecution;
  private final RetryStage retryStage;
  private final Rollbacks rollbacks;
  private final PutApprovalResult approval;
  private final Transitions transitions;
  private final PipelineState state;
  private final History history;
  private final List<Reconciler> reconcilers;

  public Codepipeline(Platform platform) {
    Pipelines pipelines = new Pipelines();
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "codepipeline",
                pipelines::all,
                Pipeline::arn,
                Pipeline::tags,
                (tx, p, tags) -> pipelines.save(tx, p.withTags(tags))));
    Executions executions = new Executions(pipelines);
    PipelineEvents events = new PipelineEvents(platform);
    Starter starter = new Starter(platform, executions, events);
    Map<String, ActionProvider> providers = providers(platform.clients());
    crud =
        new PipelineCrud(
            platform,
            pipelines,
            executions,
            starter,
            new Declarations(platform.clients(), providers));
    tags = new PipelineTags(platform.store(), pipelines);
    startExecution = new StartExecution(platform.store(), pipelines, executions, starter);
    stopExecution = new StopExecution(platform, pipelines, executions);
    StageAttempts attempts = new StageAttempts(platform, executions, events);
    retryStage = new RetryStage(platform, pipelines, executions, attempts);
    rollbacks = new Rollbacks(platform.store(), pipelines, executions, starter);
    approval = new PutApprovalResult(platform, pipelines, executions, events);
    transitions = new Transitions(platform, pipelines);
    state = new PipelineState(platform.store(), pipelines, executions);
    history = new History(platform.store(), pipelines, executions);
    reconcilers =
        List.of(
            new PipelineReconciler(platform, pipelines, executions, events, attempts, rollbacks),
            new ActionReconciler(platform, pipelines, executions, events, providers));
    platform.events().subscribe(new SourceChanges(platform, pipelines, starter));
    platform.events().subscribe(new BuildChanges(platform));
  }

  // One line a provider.
  private static Map<String, ActionProvider> providers(Clients clients) {
    ArtifactFiles files = new ArtifactFiles(clients);
    Map<String, ActionProvider> all = new LinkedHashMap<>();
    for (ActionProvider p :
        List.of(
            new CodeCommitSource(clients),
            new S3Source(clients),
            new CodeBuildAction(clients, "Build"),
            new CodeBuildAction(clients, "Test"),
            new EcsDeploy(clients, files),
            new S3Deploy(clients, files),
            new ManualApproval())) {
      all.put(p.type(), p);
    }
    return all;
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return CodepipelineApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_PIPELINE, crud::create);
    on.on(UPDATE_PIPELINE, crud::update);
    on.on(GET_PIPELINE, crud::get);
    on.on(DELETE_PIPELINE, crud::delete);
    on.on(LIST_PIPELINES, crud::list);
    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);
    on.on(LIST_TAGS_FOR_RESOURCE, tags::list);
    on.on(START_PIPELINE_EXECUTION, startExecution);
    on.on(STOP_PIPELINE_EXECUTION, stopExecution);
    on.on(RETRY_STAGE_EXECUTION, retryStage);
    on.on(ROLLBACK_STAGE, rollbacks);
    on.on(PUT_APPROVAL_RESULT, approval);
    on.on(DISABLE_STAGE_TRANSITION, transitions::disable);
    on.on(ENABLE_STAGE_TRANSITION, transitions::enable);
    on.on(GET_PIPELINE_STATE, state);
    on.on(GET_PIPELINE_EXECUTION, history::execution);
    on.on(LIST_PIPELINE_EXECUTIONS, history::executions);
    on.on(LIST_ACTION_EXECUTIONS, history::actions);
  }

  @Override
  public List<Reconciler> reconcilers() {
    return reconcilers;
  }
}
