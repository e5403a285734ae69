package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Scheduler.Move;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Moves the executions of one pipeline forward. Every round of moves is one transaction: what is
/// decided, what is to run next and the events that tell of it commit together.
final class PipelineReconciler implements Reconciler {
  static final String KIND = "codepipeline.pipeline";

  private final Platform platform;
  private final Pipelines pipelines;
  private final Executions executions;
  private final PipelineEvents events;
  private final StageAttempts attempts;
  private final Rollbacks rollbacks;

  PipelineReconciler(
      Platform platform,
      Pipelines pipelines,
      Executions executions,
      PipelineEvents events,
      StageAttempts attempts,
      Rollbacks rollbacks) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.executions = executions;
    this.events = events;
    this.attempts = attempts;
    this.rollbacks = rollbacks;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    while (platform.store().write(tx -> round(tx, key))) {
      // Each round may make the next one possible.
    }
    return Outcome.done();
  }

  private boolean round(Tx tx, String key) {
    Optional<Pipeline> found = pipelines.byKey(tx, key);
    if (found.isEmpty()) {
      return false;
    }
    Pipeline pipeline = found.get();
    List<Execution> active = executions.active(tx, pipeline);
    Map<String, List<ActionRun>> runs = new HashMap<>();
    for (Execution e : active) {
      if (e.entered()) {
        runs.put(e.id(), executions.runs(tx, pipeline, e));
      }
    }
    List<Move> moves = Scheduler.next(pipeline, active, runs);
    // One execution's move can take away what another was offered (a stage): the first only, then
    // look anew.
    Set<String> moved = new java.util.HashSet<>();
    for (Move move : moves) {
      boolean entering = move instanceof Move.Enter;
      if (!entering || moved.isEmpty()) {
        make(tx, pipeline, move);
        moved.add(move.execution().id());
      }
    }
    return !moved.isEmpty();
  }

  private void make(Tx tx, Pipeline pipeline, Move move) {
    Instant now = platform.clock().instant();
    Execution e = move.execution();
    switch (move) {
      case Move.Enter _ -> {
        Execution in = e.enter(now);
        executions.save(tx, pipeline, in);
        events.stage(tx, pipeline, in, e.stageName(), "STARTED");
      }
      case Move.Start start -> start.actions().forEach(a -> start(tx, pipeline, start, a, now));
      case Move.StageSucceeded _ -> {
        Execution after = e.stageSucceeded(now);
        executions.save(tx, pipeline, after);
        events.stage(tx, pipeline, after, e.stageName(), "SUCCEEDED");
        if (after.status().over()) {
          events.execution(tx, pipeline, after, "SUCCEEDED");
        }
      }
      case Move.Retry r -> attempts.again(tx, pipeline, e, r.all(), true, now);
      case Move.StageFailed _ -> {
        Execution after = e.stageFailed(now);
        executions.save(tx, pipeline, after);
        events.stage(tx, pipeline, after, e.stageName(), "FAILED");
        events.execution(tx, pipeline, after, "FAILED");
        if (rollsBack(e.stageDeclaration())) {
          rollbacks.automatically(tx, pipeline, after);
        }
      }
      case Move.Supersede s -> {
        Execution after = e.superseded(s.by(), now);
        executions.save(tx, pipeline, after);
        events.execution(tx, pipeline, after, "SUPERSEDED");
      }
      case Move.Abandon a -> {
        for (ActionRun run : a.runs()) {
          executions.save(tx, pipeline, run.abandoned(now));
          // The action's own reconciler ends what is still running outside.
          platform.flow().wake(tx, ActionReconciler.KIND, Executions.runKey(pipeline, run));
          events.action(tx, pipeline, run, "ABANDONED");
        }
      }
      case Move.Stopped _ -> {
        Execution after = e.stopped(now);
        executions.save(tx, pipeline, after);
        events.execution(tx, pipeline, after, "STOPPED");
      }
    }
  }

  private static boolean rollsBack(StageDeclaration stage) {
    return stage.onFailure() != null && "ROLLBACK".equals(stage.onFailure().result());
  }

  private void start(
      Tx tx, Pipeline pipeline, Move.Start start, ActionDeclaration action, Instant now) {
    Execution e = start.execution();
    Map<String, String> raw = action.configuration() == null ? Map.of() : action.configuration();
    ActionRun run =
        new ActionRun(
            Ids.uuid(),
            e.id(),
            e.number(),
            e.version(),
            start.stage().name(),
            action.name(),
            start.attempt(),
            ActionRun.Status.InProgress,
            now,
            now,
            Variables.resolve(raw, e),
            inputs(e, action),
            List.of(),
            Map.of(),
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    executions.save(tx, pipeline, run);
    platform.flow().wake(tx, ActionReconciler.KIND, Executions.runKey(pipeline, run));
    events.action(tx, pipeline, run, "STARTED");
  }

  private static List<Execution.Artifact> inputs(Execution e, ActionDeclaration action) {
    if (action.inputArtifacts() == null) {
      return List.of();
    }
    return action.inputArtifacts().stream()
        .map(i -> e.artifacts().get(i.name()))
        .filter(a -> a != null)
        .toList();
  }
}
