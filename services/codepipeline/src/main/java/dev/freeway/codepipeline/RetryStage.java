package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.RetryStageExecutionInput;
import dev.freeway.codepipeline.api.RetryStageExecutionOutput;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;

/// RetryStageExecution: the failed actions of a stage, or all of them, once more with the same
/// inputs.
final class RetryStage implements Handler<RetryStageExecutionInput, RetryStageExecutionOutput> {
  private final Platform platform;
  private final Pipelines pipelines;
  private final Executions executions;
  private final StageAttempts attempts;

  RetryStage(
      Platform platform, Pipelines pipelines, Executions executions, StageAttempts attempts) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.executions = executions;
    this.attempts = attempts;
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
    if (p.mode() != Pipeline.Mode.PARALLEL
        && executions
            .latest(tx, p, x -> x.number() > e.number() && x.stageRun(stage.name()) != null)
            .isPresent()) {
      throw CodepipelineErrors.notLatestPipelineExecutionException(
          "Execution '" + e.id() + "' is not the latest in stage '" + stage.name() + "'");
    }
    attempts.again(tx, p, e, in.retryMode().equals("ALL_ACTIONS"), false, call.at());
  }
}
