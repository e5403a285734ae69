package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.RollbackStageInput;
import dev.freeway.codepipeline.api.RollbackStageOutput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.Optional;

/// RollbackStage, and what a stage does by itself when it is told to roll back: an execution of
/// that stage alone, on the artifacts and variables of an earlier one that succeeded there.
final class Rollbacks implements Handler<RollbackStageInput, RollbackStageOutput> {
  private final Store store;
  private final Pipelines pipelines;
  private final Executions executions;
  private final Starter starter;

  Rollbacks(Store store, Pipelines pipelines, Executions executions, Starter starter) {
    this.store = store;
    this.pipelines = pipelines;
    this.executions = executions;
    this.starter = starter;
  }

  @Override
  public RollbackStageOutput handle(Call call, RollbackStageInput in) {
    String id =
        store.write(
            tx -> {
              Pipeline p = pipelines.require(tx, call.scope(), in.pipelineName());
              int stage = Pipeline.stageIndex(p.declaration(), in.stageName());
              if (stage < 0) {
                throw CodepipelineErrors.stageNotFoundException(
                    "Pipeline '" + p.name() + "' has no stage named '" + in.stageName() + "'");
              }
              Execution target = executions.require(tx, p, in.targetPipelineExecutionId());
              check(tx, p, stage, in.stageName(), target);
              Trigger trigger = new Trigger("ManualRollback", call.principal().arn());
              return starter.rollback(tx, p, target, stage, trigger).id();
            });
    return RollbackStageOutput.builder().pipelineExecutionId(id).build();
  }

  private void check(Tx tx, Pipeline p, int stage, String name, Execution target) {
    if (!"V2".equals(p.declaration().pipelineType())) {
      throw unable("Stages of pipelines of type V1 cannot be rolled back");
    }
    if (p.mode() == Pipeline.Mode.PARALLEL) {
      throw unable("Stages of pipelines in PARALLEL mode cannot be rolled back");
    }
    if (stage == 0) {
      throw unable("The source stage '" + name + "' cannot be rolled back");
    }
    if (target.rollback()) {
      throw unable("Execution '" + target.id() + "' is a rollback and cannot be a target");
    }
    if (target.version() != p.version()) {
      throw CodepipelineErrors.pipelineExecutionOutdatedException(
          "Execution '"
              + target.id()
              + "' ran version "
              + target.version()
              + " of the pipeline, which is now at version "
              + p.version());
    }
    if (!succeeded(target, name)) {
      throw unable("Execution '" + target.id() + "' did not succeed in stage '" + name + "'");
    }
    if (executions.active(tx, p).stream().anyMatch(e -> e.entered() && e.stage() == stage)) {
      throw unable("Stage '" + name + "' is currently running");
    }
  }

  /// Starts the rollback of the stage in which `failed` has just failed. Empty, and nothing is
  /// done, where no earlier execution of the pipeline's version succeeded, and for a rollback.
  Optional<Execution> automatically(Tx tx, Pipeline p, Execution failed) {
    String name = failed.stageName();
    int stage = Pipeline.stageIndex(p.declaration(), name);
    if (failed.rollback() || stage < 1 || p.mode() == Pipeline.Mode.PARALLEL) {
      return Optional.empty();
    }
    return executions
        .latest(
            tx,
            p,
            e ->
                e.number() < failed.number()
                    && !e.rollback()
                    && e.version() == p.version()
                    && succeeded(e, name))
        .map(
            target ->
                starter.rollback(
                    tx, p, target, stage, new Trigger("AutomatedRollback", failed.id())));
  }

  private static boolean succeeded(Execution e, String stage) {
    StageRun run = e.stageRun(stage);
    return run != null && run.status().equals("Succeeded");
  }

  private static AwsException unable(String message) {
    return CodepipelineErrors.unableToRollbackStageException(message);
  }
}
