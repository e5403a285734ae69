package dev.freeway.ecs;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Drives one task through its life. Each step looks at the task and its containers as they are,
/// and may be repeated: after a crash it goes on from whatever was reached.
final class TaskReconciler implements Reconciler {
  private final Platform platform;
  private final Tasks tasks;
  private final TaskStart start;
  private final TaskRun run;
  private final TaskStop stop;

  TaskReconciler(Platform platform, Tasks tasks, TaskStart start, TaskRun run, TaskStop stop) {
    this.platform = platform;
    this.tasks = tasks;
    this.start = start;
    this.run = run;
    this.stop = stop;
  }

  @Override
  public String kind() {
    return Tasks.KIND;
  }

  @Override
  public Outcome reconcile(String key) throws Exception {
    while (true) {
      StoredTask task = tasks.find(key).orElse(null);
      if (task == null) {
        return Outcome.done();
      }
      Outcome outcome = step(task);
      if (outcome != null) {
        return outcome;
      }
    }
  }

  /// Null when the task has moved and there may be more to do at once.
  private @Nullable Outcome step(StoredTask task) throws Exception {
    if (task.is("STOPPED")) {
      return forget(task);
    }
    if (!task.isWanted()) {
      return stop.step(task);
    }
    return switch (task.task().lastStatus()) {
      case "PROVISIONING" -> start.network(task);
      case "PENDING" -> start.containers(task);
      case "ACTIVATING" -> start.activate(task);
      default -> run.step(task);
    };
  }

  private Outcome forget(StoredTask task) {
    Instant due = task.task().stoppedAt().plus(Tasks.KEEP);
    if (!platform.clock().instant().isBefore(due)) {
      platform.store().update(tx -> tasks.delete(tx, task));
    }
    return Outcome.done();
  }
}
