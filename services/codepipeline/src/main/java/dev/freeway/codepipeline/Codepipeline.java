package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.*;

import dev.freeway.codepipeline.api.CodepipelineApi;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Clients;
import dev.freeway.platform.HttpRoute;
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
  private final Platform platform;
  private final Pipelines pipelines;
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
  private final ActionTypeOperations actionTypes;
  private final JobOperations jobs;
  private final ThirdPartyJobs thirdParty;
  private final RuleOperations rules;
  private final OverrideCondition override;
  private final DeployTargets targets;
  private final WebhookOperations webhooks;
  private final PutActionRevision revisions;
  private final List<HttpRoute> routes;
  private final List<Reconciler> reconcilers;

  public Codepipeline(Platform platform) {
    this.platform = platform;
    pipelines = new Pipelines();
    Executions executions = new Executions(pipelines);
    PipelineEvents events = new PipelineEvents(platform);
    Starter starter = new Starter(platform, executions, events);
    Map<String, ActionProvider> providers = new LinkedHashMap<>();
    ArtifactFiles files = new ArtifactFiles(platform.clients());
    Provenance provenance = new Provenance(platform.clients(), platform.store(), executions);
    ImagePins pins = new ImagePins(platform, pipelines, executions, provenance);
    for (ActionProvider p : providers(platform.clients(), files, pins)) {
      providers.put(p.type(), p);
    }
    AlarmRule alarms = new AlarmRule(platform.clients(), platform.clock());
    providers.put(alarms.type(), alarms);
    CustomTypes types = new CustomTypes();
    WorkerJobs workerJobs = new WorkerJobs();
    JobWorkerAction workers = new JobWorkerAction(platform.store(), workerJobs, types);
    providers.put(workers.type(), workers);
    JobDescriptions descriptions =
        new JobDescriptions(pipelines, executions, new ArtifactCredentials(platform));
    for (String type : List.of("Invoke/Lambda", "Rule/LambdaInvoke")) {
      providers.put(type, new LambdaInvoke(platform, workerJobs, descriptions, type));
    }
    actionTypes = new ActionTypeOperations(platform.store(), types);
    jobs = new JobOperations(platform, types, workerJobs, descriptions);
    thirdParty = new ThirdPartyJobs(platform, jobs, descriptions);
    crud =
        new PipelineCrud(
            platform,
            pipelines,
            executions,
            starter,
            new Declarations(
                platform.clients(), providers, new CustomDeclarations(platform.store(), types)));
    Webhooks hooks = new Webhooks();
    List<TaggedResources> tagged =
        List.of(
            TaggedResources.of(
                "codepipeline",
                pipelines::all,
                Pipeline::arn,
                Pipeline::tags,
                (tx, p, tags) -> pipelines.save(tx, p.withTags(tags))),
            TaggedResources.of(
                "codepipeline",
                types::all,
                CustomType::arn,
                CustomType::tags,
                (tx, t, tags) -> types.save(tx, t.withTags(tags))),
            TaggedResources.of(
                "codepipeline",
                hooks::all,
                Webhook::arn,
                Webhook::tags,
                (tx, h, tags) -> hooks.save(tx, h.withTags(tags))));
    tagged.forEach(platform.tagged()::add);
    tags = new PipelineTags(platform.store(), tagged);
    startExecution = new StartExecution(platform.store(), pipelines, executions, starter);
    stopExecution = new StopExecution(platform, pipelines, executions, events);
    StageAttempts attempts = new StageAttempts(platform, executions, events);
    retryStage = new RetryStage(platform, pipelines, executions, attempts);
    rollbacks = new Rollbacks(platform.store(), pipelines, executions, starter);
    approval = new PutApprovalResult(platform, pipelines, executions, events);
    transitions = new Transitions(platform, pipelines);
    state = new PipelineState(platform.store(), pipelines, executions);
    history = new History(platform.store(), pipelines, executions);
    rules = new RuleOperations(platform.store(), pipelines, executions);
    override = new OverrideCondition(platform, pipelines, executions, events);
    targets = new DeployTargets(platform.store(), pipelines, executions);
    webhooks = new WebhookOperations(platform.store(), pipelines, hooks);
    revisions = new PutActionRevision(platform.store(), pipelines, starter);
    routes = List.of(new WebhookCalls(platform, pipelines, hooks, starter));
    reconcilers =
        List.of(
            new SourcePolling(platform, pipelines, starter),
            new PipelineReconciler(platform, pipelines, executions, events, attempts, rollbacks),
            new ActionReconciler(
                platform,
                pipelines,
                executions,
                events,
                providers,
                new ArtifactSeals(files, new ArtifactKeys(platform.clients()), pins)));
    platform.events().subscribe(new SourceChanges(platform, pipelines, starter));
    platform.events().subscribe(new BuildChanges(platform));
  }

  // One line a provider.
  private static List<ActionProvider> providers(
      Clients clients, ArtifactFiles files, ImagePins pins) {
    return List.of(
        new CodeCommitSource(clients, files),
        new EcrSource(clients, files, pins),
        new S3Source(clients),
        new CodeBuildAction(clients, files, "Build"),
        new CodeBuildAction(clients, files, "Test"),
        new CommandsAction(clients),
        new EcrBuildAndPublish(clients, pins),
        new EcsDeploy(clients, files, pins),
        new S3Deploy(clients, files),
        new InvokePipeline(clients),
        new InspectorScan(clients, files),
        new ManualApproval(clients));
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
    on.on(CREATE_CUSTOM_ACTION_TYPE, actionTypes::create);
    on.on(DELETE_CUSTOM_ACTION_TYPE, actionTypes::delete);
    on.on(LIST_ACTION_TYPES, actionTypes::list);
    on.on(GET_ACTION_TYPE, actionTypes::get);
    on.on(UPDATE_ACTION_TYPE, actionTypes::update);
    on.on(POLL_FOR_JOBS, jobs::poll);
    on.on(ACKNOWLEDGE_JOB, jobs::acknowledge);
    on.on(GET_JOB_DETAILS, jobs::details);
    on.on(PUT_JOB_SUCCESS_RESULT, jobs::success);
    on.on(PUT_JOB_FAILURE_RESULT, jobs::failure);
    on.on(POLL_FOR_THIRD_PARTY_JOBS, thirdParty::poll);
    on.on(ACKNOWLEDGE_THIRD_PARTY_JOB, thirdParty::acknowledge);
    on.on(GET_THIRD_PARTY_JOB_DETAILS, thirdParty::details);
    on.on(PUT_THIRD_PARTY_JOB_SUCCESS_RESULT, thirdParty::success);
    on.on(PUT_THIRD_PARTY_JOB_FAILURE_RESULT, thirdParty::failure);
    on.on(PUT_ACTION_REVISION, revisions);
    on.on(LIST_RULE_TYPES, rules::types);
    on.on(LIST_RULE_EXECUTIONS, rules::executions);
    on.on(OVERRIDE_STAGE_CONDITION, override);
    on.on(LIST_DEPLOY_ACTION_EXECUTION_TARGETS, targets);
    on.on(PUT_WEBHOOK, webhooks::put);
    on.on(LIST_WEBHOOKS, webhooks::list);
    on.on(DELETE_WEBHOOK, webhooks::delete);
    on.on(REGISTER_WEBHOOK_WITH_THIRD_PARTY, webhooks::register);
    on.on(DEREGISTER_WEBHOOK_WITH_THIRD_PARTY, webhooks::deregister);
  }

  // Pipelines of before sources were polled begin to be.
  @Override
  public void start() {
    platform
        .store()
        .update(
            tx ->
                pipelines
                    .keys(tx)
                    .forEach(key -> platform.flow().wake(tx, SourcePolling.KIND, key)));
  }

  @Override
  public List<HttpRoute> routes() {
    return routes;
  }

  @Override
  public List<Reconciler> reconcilers() {
    return reconcilers;
  }
}
