package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Scheduler.Move;
import dev.freeway.codepipeline.StageRun.Check;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.Condition;
import dev.freeway.codepipeline.api.FailureConditions;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
  private final RuleActions rules;

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
    this.rules = new RuleActions(platform, executions);
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
      if ((!entering || moved.isEmpty()) && make(tx, pipeline, move)) {
        moved.add(move.execution().id());
      }
    }
    return !moved.isEmpty();
  }

  /// Returns false when it must wait for a condition.
  private boolean make(Tx tx, Pipeline pipeline, Move move) {
    Instant now = platform.clock().instant();
    Execution e = move.execution();
    switch (move) {
      case Move.Enter _ -> {
        return enter(tx, pipeline, e, now);
      }
      case Move.StageSucceeded _ -> {
        return succeed(tx, pipeline, e, now);
      }
      case Move.StageFailed _ -> {
        return fail(tx, pipeline, e, now);
      }
      case Move.Start start -> start.actions().forEach(a -> start(tx, pipeline, start, a, now));
      case Move.Retry r -> attempts.again(tx, pipeline, e, r.all(), true, now);
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
        abandonRules(tx, pipeline, e, now);
        Execution after = e.stopped(now);
        executions.save(tx, pipeline, after);
        if (e.entered()) {
          events.stage(tx, pipeline, after, e.stageName(), "STOPPED");
        }
        events.execution(tx, pipeline, after, "STOPPED");
      }
    }
    return true;
  }

  private boolean enter(Tx tx, Pipeline pipeline, Execution e, Instant now) {
    Gate gate = gate(tx, pipeline, e, StageConditions.BEFORE_ENTRY, now);
    if (gate.waits()) {
      return false;
    }
    if (gate.failed() && gate.result().equals("SKIP")) {
      left(tx, pipeline, e, gate.execution().stageSkipped(now), "SKIPPED");
    } else if (gate.failed()) {
      failed(tx, pipeline, gate.execution().stageFailed(now), e.stageName());
    } else {
      Execution in = gate.execution().enter(now);
      executions.save(tx, pipeline, in);
      events.stage(tx, pipeline, in, e.stageName(), "STARTED");
    }
    return true;
  }

  private boolean succeed(Tx tx, Pipeline pipeline, Execution e, Instant now) {
    Gate gate = gate(tx, pipeline, e, StageConditions.ON_SUCCESS, now);
    if (gate.waits()) {
      return false;
    }
    if (gate.failed()) {
      Execution after = gate.execution().stageFailed(now);
      failed(tx, pipeline, after, e.stageName());
      if (gate.result().equals("ROLLBACK")) {
        rollbacks.automatically(tx, pipeline, after);
      }
    } else {
      left(tx, pipeline, e, gate.execution().stageSucceeded(now), "SUCCEEDED");
    }
    return true;
  }

  private boolean fail(Tx tx, Pipeline pipeline, Execution e, Instant now) {
    Gate gate = gate(tx, pipeline, e, StageConditions.ON_FAILURE, now);
    if (gate.waits()) {
      return false;
    }
    FailureConditions on = e.stageDeclaration().onFailure();
    boolean always = gate.result().isEmpty() && on != null;
    String result = gate.failed() ? gate.result() : always ? String.valueOf(on.result()) : "";
    if (result.equals("SKIP")) {
      left(tx, pipeline, e, gate.execution().stageSkipped(now), "SKIPPED");
      return true;
    }
    Execution after = gate.execution().stageFailed(now);
    failed(tx, pipeline, after, e.stageName());
    if (result.equals("ROLLBACK")) {
      rollbacks.automatically(tx, pipeline, after);
    }
    return true;
  }

  private void abandonRules(Tx tx, Pipeline pipeline, Execution e, Instant now) {
    for (ActionRun run : executions.rules(tx, pipeline, e)) {
      if (!run.over()) {
        executions.save(tx, pipeline, run.abandoned(now));
        platform.flow().wake(tx, ActionReconciler.KIND, Executions.runKey(pipeline, run));
      }
    }
  }

  private void left(Tx tx, Pipeline pipeline, Execution e, Execution after, String state) {
    executions.save(tx, pipeline, after);
    events.stage(tx, pipeline, after, e.stageName(), state);
    if (after.status().over()) {
      events.execution(tx, pipeline, after, "SUCCEEDED");
    }
  }

  private void failed(Tx tx, Pipeline pipeline, Execution after, String stage) {
    executions.save(tx, pipeline, after);
    events.stage(tx, pipeline, after, stage, "FAILED");
    events.execution(tx, pipeline, after, "FAILED");
  }

  /// What a condition of the stage says.
  ///
  /// @param execution with the check noted
  /// @param result of the condition when it is not met; empty when there is no condition
  private record Gate(Execution execution, boolean waits, boolean failed, String result) {}

  private Gate gate(Tx tx, Pipeline pipeline, Execution e, String when, Instant now) {
    Condition condition = StageConditions.of(e.stageDeclaration(), when);
    // What is rolled back has been let in before, and must not wait for a window.
    if (condition == null || e.rollback()) {
      return new Gate(e, false, false, "");
    }
    Check before = e.here().checks().get(when);
    if (before != null && before.is(StageConditions.OVERRIDDEN)) {
      return new Gate(e, false, false, condition.result());
    }
    Check check =
        Rules.check(
            condition,
            e,
            before,
            now,
            (rule, id, since) -> rules.look(tx, pipeline, e, when, rule, id, since, now));
    Execution noted = e.noting(e.here().withCheck(when, check), now);
    if (check.is("InProgress")) {
      if (before == null || !before.is("InProgress")) {
        executions.save(tx, pipeline, noted);
      }
      Instant minute = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
      platform.flow().wakeAt(tx, KIND, pipeline.key(), minute);
    }
    return new Gate(noted, check.is("InProgress"), check.is("Failed"), condition.result());
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
            e.inputs(action),
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
}
