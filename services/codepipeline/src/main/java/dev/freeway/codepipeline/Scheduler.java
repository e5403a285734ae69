package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Pipeline.Mode;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.FailureConditions;
import dev.freeway.codepipeline.api.RetryConfiguration;
import dev.freeway.codepipeline.api.StageDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Decides what may happen next in a pipeline. Pure: the state in, the moves out.
///
/// A stage holds one execution at a time, but in PARALLEL mode, where executions do not see each
/// other. In SUPERSEDED mode an execution that waits before a stage gives way to a newer one that
/// comes to wait there.
final class Scheduler {
  /// A step the pipeline can take now.
  sealed interface Move {
    Execution execution();

    record Enter(Execution execution) implements Move {}

    record Start(
        Execution execution, StageDeclaration stage, List<ActionDeclaration> actions, int attempt)
        implements Move {}

    record StageSucceeded(Execution execution) implements Move {}

    /// The stage's failure configuration has it run again.
    record Retry(Execution execution, boolean all) implements Move {}

    record StageFailed(Execution execution) implements Move {}

    record Supersede(Execution execution, String by) implements Move {}

    record Abandon(Execution execution, List<ActionRun> runs) implements Move {}

    record Stopped(Execution execution) implements Move {}
  }

  private Scheduler() {}

  /// The first move that can be made, in the order of the executions; empty when all must wait.
  ///
  /// @param active executions that are not over, oldest first
  /// @param runs of each, by execution id
  static List<Move> next(
      Pipeline pipeline, List<Execution> active, Map<String, List<ActionRun>> runs) {
    List<Move> moves = new ArrayList<>();
    for (Execution e : active) {
      List<ActionRun> own = runs.getOrDefault(e.id(), List.of());
      if (e.status() == Execution.Status.Stopping) {
        stop(e, own, moves);
      } else if (e.entered()) {
        inStage(e, own, moves);
      } else {
        beforeStage(pipeline, e, active, moves);
      }
    }
    return moves;
  }

  private static void stop(Execution e, List<ActionRun> runs, List<Move> moves) {
    List<ActionRun> atWork = runs.stream().filter(r -> !r.over()).toList();
    if (atWork.isEmpty()) {
      moves.add(new Move.Stopped(e));
    } else if (e.stop() != null && e.stop().abandon()) {
      moves.add(new Move.Abandon(e, atWork));
    }
  }

  private static void inStage(Execution e, List<ActionRun> runs, List<Move> moves) {
    StageDeclaration stage = e.declaration().stages().get(e.stage());
    List<ActionRun> here = runs.stream().filter(r -> r.stage().equals(stage.name())).toList();
    int attempt = here.stream().mapToInt(ActionRun::attempt).max().orElse(1);
    List<ActionRun> current = here.stream().filter(r -> r.attempt() == attempt).toList();
    if (current.stream().anyMatch(r -> !r.over())) {
      return;
    }
    if (current.stream().anyMatch(r -> r.status() != ActionRun.Status.Succeeded)) {
      moves.add(failed(e, stage));
      return;
    }
    List<ActionDeclaration> left =
        stage.actions().stream()
            .filter(a -> current.stream().noneMatch(r -> r.action().equals(a.name())))
            .toList();
    if (left.isEmpty()) {
      moves.add(new Move.StageSucceeded(e));
      return;
    }
    int order = left.stream().mapToInt(Pipeline::runOrder).min().orElseThrow();
    List<ActionDeclaration> now = left.stream().filter(a -> Pipeline.runOrder(a) == order).toList();
    moves.add(new Move.Start(e, stage, now, attempt));
  }

  private static Move failed(Execution e, StageDeclaration stage) {
    FailureConditions on = stage.onFailure();
    if (on == null || !"RETRY".equals(on.result()) || e.here().automaticRetries() > 0) {
      return new Move.StageFailed(e);
    }
    RetryConfiguration how = on.retryConfiguration();
    return new Move.Retry(e, how != null && "ALL_ACTIONS".equals(how.retryMode()));
  }

  private static void beforeStage(
      Pipeline pipeline, Execution e, List<Execution> active, List<Move> moves) {
    Mode mode = mode(e);
    if (mode == Mode.SUPERSEDED && !e.rollback()) {
      for (Execution other : active) {
        if (other.number() > e.number()
            && !other.rollback()
            && other.waiting()
            && other.stage() == e.stage()) {
          moves.add(new Move.Supersede(e, other.id()));
          return;
        }
      }
    }
    // A rollback does not come from the stage before: the transition from there is not its way.
    if (!e.rollback() && pipeline.closed().containsKey(e.stageName())) {
      return;
    }
    if (mode == Mode.PARALLEL || free(e, active)) {
      moves.add(new Move.Enter(e));
    }
  }

  private static Mode mode(Execution e) {
    String mode = e.declaration().executionMode();
    return mode == null ? Mode.SUPERSEDED : Mode.valueOf(mode);
  }

  private static boolean free(Execution e, List<Execution> active) {
    for (Execution other : active) {
      if (other == e || other.stage() != e.stage() || mode(other) == Mode.PARALLEL) {
        continue;
      }
      // One that is inside holds the stage. Of those that wait a rollback goes first: after them it
      // would undo what they do. Then the oldest.
      boolean first =
          other.rollback() == e.rollback() ? other.number() < e.number() : other.rollback();
      if (other.entered() || first) {
        return false;
      }
    }
    return true;
  }
}
