package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Key;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// What has run: executions and their actions, newest first.
final class History {
  private static final int PAGE = 100;

  private final Store store;
  private final Pipelines pipelines;
  private final Executions executions;

  History(Store store, Pipelines pipelines, Executions executions) {
    this.store = store;
    this.pipelines = pipelines;
    this.executions = executions;
  }

  private record Numbered<T>(String order, T value) {}

  GetPipelineExecutionOutput execution(Call call, GetPipelineExecutionInput in) {
    Execution e =
        store.read(
            tx ->
                executions.require(
                    tx,
                    pipelines.require(tx, call.scope(), in.pipelineName()),
                    in.pipelineExecutionId()));
    List<ArtifactRevision> revisions =
        e.artifacts().values().stream()
            .filter(a -> a.revision() != null)
            .map(History::revision)
            .toList();
    Map<String, String> variables = e.variables().getOrDefault("variables", Map.of());
    return GetPipelineExecutionOutput.builder()
        .pipelineExecution(
            PipelineExecution.builder()
                .pipelineName(e.declaration().name())
                .pipelineVersion(e.version())
                .pipelineExecutionId(e.id())
                .status(e.status().name())
                .statusSummary(e.statusSummary())
                .artifactRevisions(revisions)
                .variables(
                    variables.entrySet().stream()
                        .map(v -> new ResolvedPipelineVariable(v.getKey(), v.getValue()))
                        .toList())
                .trigger(new ExecutionTrigger(e.trigger().type(), e.trigger().detail()))
                .executionMode(e.declaration().executionMode())
                .executionType(e.type())
                .rollbackMetadata(
                    e.rollback() ? new PipelineRollbackMetadata(e.rollbackOf()) : null)
                .build())
        .build();
  }

  private static ArtifactRevision revision(Artifact a) {
    return ArtifactRevision.builder()
        .name(a.name())
        .revisionId(a.revision())
        .revisionSummary(a.summary())
        .revisionUrl(a.url())
        .created(a.created())
        .build();
  }

  ListPipelineExecutionsOutput executions(Call call, ListPipelineExecutionsInput in) {
    List<Execution> all =
        store.read(
            tx ->
                executions.newest(
                    tx, pipelines.require(tx, call.scope(), in.pipelineName()), Integer.MAX_VALUE));
    String stage =
        in.filter() == null || in.filter().succeededInStage() == null
            ? null
            : in.filter().succeededInStage().stageName();
    List<Numbered<Execution>> shown =
        all.stream()
            .filter(
                e ->
                    stage == null
                        || e.stages().stream()
                            .anyMatch(
                                r -> r.name().equals(stage) && r.status().equals("Succeeded")))
            .map(e -> new Numbered<>(Key.number(Long.MAX_VALUE - e.number()), e))
            .toList();
    var page = Page.of(shown, Numbered::order, in.nextToken(), in.maxResults(), PAGE, badToken());
    return ListPipelineExecutionsOutput.builder()
        .pipelineExecutionSummaries(page.map(n -> summary(n.value())))
        .nextToken(page.nextToken())
        .build();
  }

  private static PipelineExecutionSummary summary(Execution e) {
    List<SourceRevision> sources = new ArrayList<>();
    for (ActionDeclaration a : Pipeline.sources(e.declaration())) {
      a.outputArtifacts().stream()
          .map(o -> e.artifacts().get(o.name()))
          .filter(x -> x != null)
          .findFirst()
          .ifPresent(
              x -> sources.add(new SourceRevision(a.name(), x.revision(), x.summary(), x.url())));
    }
    return PipelineExecutionSummary.builder()
        .pipelineExecutionId(e.id())
        .status(e.status().name())
        .statusSummary(e.statusSummary())
        .startTime(e.started())
        .lastUpdateTime(e.updated())
        .sourceRevisions(sources)
        .trigger(new ExecutionTrigger(e.trigger().type(), e.trigger().detail()))
        .stopTrigger(e.stop() == null ? null : new StopExecutionTrigger(e.stop().reason()))
        .executionMode(e.declaration().executionMode())
        .executionType(e.type())
        .rollbackMetadata(e.rollback() ? new PipelineRollbackMetadata(e.rollbackOf()) : null)
        .build();
  }

  ListActionExecutionsOutput actions(Call call, ListActionExecutionsInput in) {
    List<Numbered<ActionExecutionDetail>> all =
        store.read(
            tx -> {
              Pipeline p = pipelines.require(tx, call.scope(), in.pipelineName());
              String only = in.filter() == null ? null : in.filter().pipelineExecutionId();
              if (only == null
                  && in.filter() != null
                  && in.filter().latestInPipelineExecution() != null) {
                only = in.filter().latestInPipelineExecution().pipelineExecutionId();
              }
              List<Execution> chosen =
                  only == null
                      ? executions.newest(tx, p, Integer.MAX_VALUE)
                      : List.of(executions.require(tx, p, only));
              List<Numbered<ActionExecutionDetail>> details = new ArrayList<>();
              for (Execution e : chosen) {
                List<ActionRun> runs = new ArrayList<>(executions.runs(tx, p, e));
                runs.sort(Comparator.comparing(ActionRun::started).reversed());
                runs.forEach(
                    r -> details.add(new Numbered<>(Key.number(details.size()), detail(e, r))));
              }
              return details;
            });
    var page = Page.of(all, Numbered::order, in.nextToken(), in.maxResults(), PAGE, badToken());
    return ListActionExecutionsOutput.builder()
        .actionExecutionDetails(page.map(Numbered::value))
        .nextToken(page.nextToken())
        .build();
  }

  private static ActionExecutionDetail detail(Execution e, ActionRun r) {
    ActionDeclaration action =
        e.declaration().stages().stream()
            .filter(s -> s.name().equals(r.stage()))
            .flatMap(s -> s.actions().stream())
            .filter(a -> a.name().equals(r.action()))
            .findFirst()
            .orElseThrow();
    ActionExecutionInput input =
        ActionExecutionInput.builder()
            .actionTypeId(action.actionTypeId())
            .configuration(action.configuration())
            .resolvedConfiguration(r.configuration())
            .roleArn(action.roleArn())
            .region(action.region())
            .inputArtifacts(r.inputs().stream().map(History::place).toList())
            .namespace(action.namespace())
            .build();
    ActionExecutionResult result =
        ActionExecutionResult.builder()
            .externalExecutionId(r.externalId())
            .externalExecutionSummary(r.summary())
            .externalExecutionUrl(r.url())
            .errorDetails(
                r.errorCode() == null ? null : new ErrorDetails(r.errorCode(), r.errorMessage()))
            .logStreamARN(r.logStreamArn())
            .build();
    ActionExecutionOutput output =
        ActionExecutionOutput.builder()
            .outputArtifacts(r.outputs().stream().map(History::place).toList())
            .executionResult(result)
            .outputVariables(r.variables())
            .build();
    return ActionExecutionDetail.builder()
        .pipelineExecutionId(e.id())
        .actionExecutionId(r.id())
        .pipelineVersion(r.version())
        .stageName(r.stage())
        .actionName(r.action())
        .startTime(r.started())
        .lastUpdateTime(r.updated())
        .updatedBy(r.updatedBy())
        .status(r.status().name())
        .input(input)
        .output(output)
        .build();
  }

  private static ArtifactDetail place(Artifact a) {
    return new ArtifactDetail(a.name(), new S3Location(a.bucket(), a.key()));
  }

  private static AwsException badToken() {
    return CodepipelineErrors.invalidNextTokenException(
        "The next token was specified in an invalid format");
  }
}
