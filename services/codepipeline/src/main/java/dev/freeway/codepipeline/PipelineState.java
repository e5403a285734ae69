package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// GetPipelineState: each stage with the execution that was last in it and what waits before it.
final class PipelineState implements Handler<GetPipelineStateInput, GetPipelineStateOutput> {
  // A stage's last execution is rarely far back; SUPERSEDED pipelines drop most before they get
  // anywhere.
  private static final int LOOK_BACK = 100;

  private final Store store;
  private final Pipelines pipelines;
  private final Executions executions;

  PipelineState(Store store, Pipelines pipelines, Executions executions) {
    this.store = store;
    this.pipelines = pipelines;
    this.executions = executions;
  }

  @Override
  public GetPipelineStateOutput handle(Call call, GetPipelineStateInput in) {
    return store.read(
        tx -> {
          Pipeline p = pipelines.require(tx, call.scope(), in.name());
          List<Execution> recent = executions.newest(tx, p, LOOK_BACK);
          Map<String, List<ActionRun>> runs = new HashMap<>();
          List<StageState> stages = new ArrayList<>();
          for (StageDeclaration stage : p.declaration().stages()) {
            stages.add(stage(tx, p, stage, recent, runs));
          }
          return GetPipelineStateOutput.builder()
              .pipelineName(p.name())
              .pipelineVersion(p.version())
              .stageStates(stages)
              .created(p.created())
              .updated(p.updated())
              .build();
        });
  }

  private StageState stage(
      ReadTx tx,
      Pipeline p,
      StageDeclaration stage,
      List<Execution> recent,
      Map<String, List<ActionRun>> runs) {
    List<StageExecution> inbound =
        recent.stream()
            .filter(e -> e.waiting() && e.stageName().equals(stage.name()))
            .map(
                e ->
                    StageExecution.builder()
                        .pipelineExecutionId(e.id())
                        .status("InProgress")
                        .type(e.type())
                        .build())
            .toList();
    Execution latest = recent.stream().filter(e -> run(e, stage) != null).findFirst().orElse(null);
    List<ActionRun> own =
        latest == null
            ? List.of()
            : runs.computeIfAbsent(latest.id(), id -> executions.runs(tx, p, latest));
    StageRun last = latest == null ? null : run(latest, stage);
    return StageState.builder()
        .stageName(stage.name())
        .inboundExecution(inbound.isEmpty() ? null : inbound.getFirst())
        .inboundExecutions(inbound)
        .inboundTransitionState(transition(p, stage))
        .actionStates(stage.actions().stream().map(a -> action(a, stage, own)).toList())
        .latestExecution(
            last == null || latest == null
                ? null
                : StageExecution.builder()
                    .pipelineExecutionId(latest.id())
                    .status(last.status())
                    .type(latest.type())
                    .build())
        .retryStageMetadata(retries(last))
        .beforeEntryConditionState(ConditionStates.of(stage, last, StageConditions.BEFORE_ENTRY))
        .onSuccessConditionState(ConditionStates.of(stage, last, StageConditions.ON_SUCCESS))
        .onFailureConditionState(ConditionStates.of(stage, last, StageConditions.ON_FAILURE))
        .build();
  }

  private static @Nullable RetryStageMetadata retries(@Nullable StageRun run) {
    if (run == null || run.latestRetry() == null) {
      return null;
    }
    return RetryStageMetadata.builder()
        .autoStageRetryAttempt(run.automaticRetries() == 0 ? null : run.automaticRetries())
        .manualStageRetryAttempt(run.manualRetries() == 0 ? null : run.manualRetries())
        .latestRetryTrigger(run.latestRetry())
        .build();
  }

  private static @Nullable StageRun run(Execution e, StageDeclaration stage) {
    return e.stageRun(stage.name());
  }

  private static TransitionState transition(Pipeline p, StageDeclaration stage) {
    Pipeline.Closed closed = p.closed().get(stage.name());
    return closed == null
        ? TransitionState.builder().enabled(true).build()
        : TransitionState.builder()
            .enabled(false)
            .lastChangedBy(closed.by())
            .lastChangedAt(closed.at())
            .disabledReason(closed.reason())
            .build();
  }

  private static ActionState action(
      ActionDeclaration a, StageDeclaration stage, List<ActionRun> runs) {
    ActionRun run =
        runs.stream()
            .filter(r -> r.stage().equals(stage.name()) && r.action().equals(a.name()))
            .max(Comparator.comparing(ActionRun::attempt))
            .orElse(null);
    ActionState.Builder state = ActionState.builder().actionName(a.name());
    if (run == null) {
      return state.build();
    }
    Artifact made = run.outputs().isEmpty() ? null : run.outputs().getFirst();
    if (made != null && made.revision() != null) {
      state.currentRevision(new ActionRevision(made.revision(), made.revision(), made.created()));
    }
    return state.latestExecution(execution(run)).entityUrl(run.url()).build();
  }

  private static ActionExecution execution(ActionRun run) {
    return ActionExecution.builder()
        .actionExecutionId(run.id())
        .status(run.status().name())
        .summary(run.summary())
        .lastStatusChange(run.updated())
        .token(run.over() ? null : run.memo().get("token"))
        .lastUpdatedBy(run.updatedBy())
        .externalExecutionId(run.externalId())
        .externalExecutionUrl(run.url())
        .errorDetails(
            run.errorCode() == null ? null : new ErrorDetails(run.errorCode(), run.errorMessage()))
        .logStreamARN(run.logStreamArn())
        .build();
  }
}
