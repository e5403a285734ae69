package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Runs the stage that an execution is in once more with the same inputs: its failed actions, or
/// all of them.
final class StageAttempts {
  private final Platform platform;
  private final Executions executions;
  private final PipelineEvents events;

  StageAttempts(Platform platform, Executions executions, PipelineEvents events) {
    this.platform = platform;
    this.executions = executions;
    this.events = events;
  }

  /// @param all as in ALL_ACTIONS; otherwise what succeeded is not run again
  void again(Tx tx, Pipeline p, Execution e, boolean all, boolean automatically, Instant at) {
    StageDeclaration stage = e.stageDeclaration();
    List<ActionRun> runs =
        executions.runs(tx, p, e).stream().filter(r -> r.stage().equals(stage.name())).toList();
    int attempt = runs.stream().mapToInt(ActionRun::attempt).max().orElse(1);
    if (all) {
      startFirst(tx, p, stage, runs, attempt + 1, at);
    } else {
      startFailed(tx, p, runs, attempt, at);
    }
    Execution resumed = e.retried(automatically, at);
    executions.save(tx, p, resumed);
    events.stage(tx, p, resumed, stage.name(), "RESUMED");
    if (e.status().over()) {
      events.execution(tx, p, resumed, "RESUMED");
    }
    platform.flow().wake(tx, PipelineReconciler.KIND, p.key());
  }

  private void startFailed(Tx tx, Pipeline p, List<ActionRun> runs, int attempt, Instant at) {
    for (ActionRun run : runs.stream().filter(r -> r.attempt() == attempt).toList()) {
      if (run.status() == ActionRun.Status.Succeeded) {
        // It counts for the new attempt without being run again.
        executions.save(tx, p, again(run, attempt + 1, run.id(), run.status(), at));
      } else {
        start(tx, p, again(run, attempt + 1, Ids.uuid(), ActionRun.Status.InProgress, at));
      }
    }
  }

  private void startFirst(
      Tx tx, Pipeline p, StageDeclaration stage, List<ActionRun> runs, int attempt, Instant at) {
    int order = stage.actions().stream().mapToInt(Pipeline::runOrder).min().orElse(1);
    for (ActionDeclaration a : stage.actions()) {
      if (Pipeline.runOrder(a) == order) {
        runs.stream()
            .filter(r -> r.action().equals(a.name()))
            .findFirst()
            .ifPresent(
                r -> start(tx, p, again(r, attempt, Ids.uuid(), ActionRun.Status.InProgress, at)));
      }
    }
  }

  private void start(Tx tx, Pipeline p, ActionRun next) {
    executions.save(tx, p, next);
    platform.flow().wake(tx, ActionReconciler.KIND, Executions.runKey(p, next));
    events.action(tx, p, next, "STARTED");
  }

  private static ActionRun again(
      ActionRun r, int attempt, String id, ActionRun.Status status, Instant at) {
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
        kept ? r.started() : at,
        kept ? r.updated() : at,
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
