package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.RetryStageExecutionInput;
import dev.freeway.codepipeline.api.RetryStageExecutionOutput;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Map;

/// RetryStageExecution: the failed actions of a stage, or all of them, once more with the same
/// inputs.
final class RetryStage implements Handler<RetryStageExecutionInput, RetryStageExecutionOutput> {
  private final Platform platform;
  private final Pipelines pipelines;
  private final Executions executions;
  private final PipelineEvents events;

  RetryStage(Platform platform, Pipelines pipelines, Executions executions, PipelineEvents events) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.executions = executions;
    this.events = events;
  }

  @Override
  public RetryStageExecutionOutput handle(Call call, RetryStageExecutionInput in) {
    platform.store().update(tx -> retry(tx, call, in));
    return RetryStageExecutionOutput.builder()
        .pipelineExecutionId(in.pipelineExecutionId())
        .build();
  }

  private void retry(Tx tx, Call call, RetryStageExecutionInput in) {
    Pipeline p = pipelines.require(tx, call.scope(), in.pipelineName());
    StageDeclaration stage = Pipeline.stage(p.declaration(), in.stageName());
    if (stage == null) {
      throw CodepipelineErrors.stageNotFoundException(
          "Pipeline '" + p.name() + "' does not have a stage named '" + in.stageName() + "'");
    }
    Execution e = executions.require(tx, p, in.pipelineExecutionId());
    boolean failedHere =
        (e.status() == Execution.Status.Failed || e.status() == Execution.Status.Stopped)
            && e.entered()
            && e.stageName().equals(in.stageName());
    if (!failedHere) {
      throw CodepipelineErrors.stageNotRetryableException(
          "Stage '"
              + in.stageName()
              + "' of execution '"
              + e.id()
              + "' did not fail and cannot be retried");
    }
    if (e.version() != p.version()) {
      throw CodepipelineErrors.stageNotRetryableException(
          "The pipeline structure has changed since execution '" + e.id() + "'");
    }
    List<ActionRun> runs =
        executions.runs(tx, p, e).stream().filter(r -> r.stage().equals(stage.name())).toList();
    int attempt = runs.stream().mapToInt(ActionRun::attempt).max().orElse(1);
    boolean all = in.retryMode().equals("ALL_ACTIONS");
    for (ActionRun run : runs.stream().filter(r -> r.attempt() == attempt).toList()) {
      // What had succeeded counts for the new attempt without being run again.
      if (run.status() == ActionRun.Status.Succeeded && !all) {
        executions.save(tx, p, again(run, attempt + 1, run.id(), run.status(), call));
      } else if (!all) {
        ActionRun next = again(run, attempt + 1, Ids.uuid(), ActionRun.Status.InProgress, call);
        executions.save(tx, p, next);
        platform.flow().wake(tx, ActionReconciler.KIND, Executions.runKey(p, next));
        events.action(tx, p, next, "STARTED");
      }
    }
    if (all) {
      startFirst(tx, call, p, e, stage, runs, attempt + 1);
    }
    executions.save(tx, p, e.retried(false, call.at()));
    events.stage(tx, p, e, stage.name(), "RESUMED");
    events.execution(tx, p, e, "RESUMED");
    platform.flow().wake(tx, PipelineReconciler.KIND, p.key());
  }

  private void startFirst(
      Tx tx,
      Call call,
      Pipeline p,
      Execution e,
      StageDeclaration stage,
      List<ActionRun> runs,
      int attempt) {
    int order = stage.actions().stream().mapToInt(Pipeline::runOrder).min().orElse(1);
    for (ActionDeclaration a : stage.actions()) {
      if (Pipeline.runOrder(a) == order) {
        ActionRun before =
            runs.stream().filter(r -> r.action().equals(a.name())).findFirst().orElseThrow();
        ActionRun next = again(before, attempt, Ids.uuid(), ActionRun.Status.InProgress, call);
        executions.save(tx, p, next);
        platform.flow().wake(tx, ActionReconciler.KIND, Executions.runKey(p, next));
        events.action(tx, p, next, "STARTED");
      }
    }
  }

  private static ActionRun again(
      ActionRun r, int attempt, String id, ActionRun.Status status, Call call) {
    boolean kept = status == ActionRun.Status.Succeeded;
    return new ActionRun(
        id,
        r.executionId(),
        r.executionNumber(),
        r.version(),
        r.stage(),
        r.action(),
        attempt,
        status,
        kept ? r.started() : call.at(),
        kept ? r.updated() : call.at(),
        r.configuration(),
        r.inputs(),
        kept ? r.outputs() : List.of(),
        kept ? r.variables() : Map.of(),
        kept ? r.memo() : Map.of(),
        kept ? r.externalId() : null,
        kept ? r.url() : null,
        kept ? r.summary() : null,
        null,
        null,
        kept ? r.logStreamArn() : null,
        kept ? r.updatedBy() : null);
  }
}
