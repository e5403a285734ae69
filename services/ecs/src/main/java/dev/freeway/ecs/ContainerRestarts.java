package dev.freeway.ecs;

import dev.freeway.containers.Container.State;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.ecs.api.Container;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.ContainerRestartPolicy;
import java.time.Duration;
import java.time.Instant;

/// Starts containers with a restart policy again, in place of what their end would otherwise mean
/// for the task. A container that is to start again is PENDING in a RUNNING task: that is written
/// down first, so that a crash in between is gone on from.
final class ContainerRestarts {
  private static final int PERIOD = 300;

  private final Tasks tasks;
  private final ContainerRuntime runtime;
  private final ContainerSpecs specs;
  private final TaskLogs logs;

  ContainerRestarts(Tasks tasks, ContainerRuntime runtime, ContainerSpecs specs, TaskLogs logs) {
    this.tasks = tasks;
    this.runtime = runtime;
    this.specs = specs;
    this.logs = logs;
  }

  /// How often a container was started again, and when last.
  record Restarted(int count, Instant at) {}

  /// Whether its policy starts it again after it has ended with this code now.
  static boolean applies(StoredTask task, ContainerDefinition c, int code, Instant now) {
    ContainerRestartPolicy policy = c.restartPolicy();
    if (policy == null
        || !Boolean.TRUE.equals(policy.enabled())
        || !task.is("RUNNING")
        || !task.isWanted()) {
      return false;
    }
    boolean ignored = policy.ignoredExitCodes() != null && policy.ignoredExitCodes().contains(code);
    Restarted last = task.restarts().get(c.name());
    Instant since = last == null ? task.task().startedAt() : last.at();
    int period = policy.restartAttemptPeriod() == null ? PERIOD : policy.restartAttemptPeriod();
    return !ignored && !now.isBefore(since.plus(Duration.ofSeconds(period)));
  }

  /// Notes that a container is to start again.
  static StoredTask noted(StoredTask task, String container, Instant now) {
    Restarted last = task.restarts().get(container);
    return task.withRestart(container, new Restarted(last == null ? 1 : last.count() + 1, now))
        .withContainer(
            container, c -> c.toBuilder().lastStatus("PENDING").healthStatus("UNKNOWN").build());
  }

  /// Starts what is to start again.
  void run(StoredTask task) throws InterruptedException {
    for (ContainerDefinition d : task.definition().containerDefinitions()) {
      Container c = task.container(d.name());
      boolean due =
          task.is("RUNNING")
              && c.lastStatus().equals("PENDING")
              && task.restarts().containsKey(d.name());
      if (due) {
        start(task, d);
      }
    }
  }

  private void start(StoredTask task, ContainerDefinition d) throws InterruptedException {
    String id = task.sandbox() + "." + d.name();
    try {
      var there = runtime.inspect(id);
      if (there.isPresent() && there.get().state() instanceof State.Exited) {
        // Its last lines first: they go with it.
        logs.finish(task, d);
        runtime.remove(id);
      }
      var made = specs.create(task, d);
      if (made.state() instanceof State.Created) {
        runtime.start(id);
      }
      tasks.change(
          task.key(),
          t ->
              t.withContainer(
                  d.name(), c -> c.toBuilder().lastStatus("RUNNING").runtimeId(made.id()).build()));
    } catch (StartFailure e) {
      ended(task, d, e.reason());
    } catch (ContainerException.Failed e) {
      ended(task, d, "CannotStartContainerError: " + e.getMessage());
    }
  }

  private void ended(StoredTask task, ContainerDefinition d, String why) {
    tasks.change(
        task.key(),
        t ->
            t.withContainer(
                d.name(), c -> c.toBuilder().lastStatus("STOPPED").reason(why).build()));
  }
}
