package dev.freeway.ecs;

import dev.freeway.containers.Container.State;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ExitStatus;
import dev.freeway.ecs.api.Container;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.flow.Outcome;
import dev.freeway.platform.Platform;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// RUNNING: watches the containers.
final class TaskRun {
  private final Platform platform;
  private final Tasks tasks;
  private final ContainerRuntime runtime;
  private final Exits exits;
  private final HealthProbes probes;
  private final TaskLogs logs;
  private final TaskEndpoints endpoints;
  private final ServiceConnect connect;
  private final TaskResolver resolver;
  private final CloudMap map;
  private final ContainerRestarts restarts;

  TaskRun(
      Platform platform,
      Tasks tasks,
      ContainerRuntime runtime,
      Exits exits,
      HealthProbes probes,
      TaskLogs logs,
      TaskEndpoints endpoints,
      ServiceConnect connect,
      TaskResolver resolver,
      CloudMap map,
      ContainerRestarts restarts) {
    this.platform = platform;
    this.tasks = tasks;
    this.runtime = runtime;
    this.exits = exits;
    this.probes = probes;
    this.logs = logs;
    this.endpoints = endpoints;
    this.connect = connect;
    this.resolver = resolver;
    this.map = map;
    this.restarts = restarts;
  }

  @Nullable Outcome step(StoredTask task) throws InterruptedException {
    restarts.run(look(task));
    StoredTask seen = tasks.find(task.key()).orElse(task);
    watch(seen);
    map.tellHealth(seen);
    return ended(seen) ? null : Outcome.done();
  }

  /// Brings the stored containers up to what the runtime says. Returns the task as it is then.
  StoredTask look(StoredTask task) {
    for (Container c : task.task().containers()) {
      boolean startsAgain =
          c.lastStatus().equals("PENDING") && task.restarts().containsKey(c.name());
      if (c.runtimeId() == null || c.lastStatus().equals("STOPPED") || startsAgain) {
        continue;
      }
      Optional<dev.freeway.containers.Container> view = runtime.inspect(c.runtimeId());
      if (view.isEmpty()) {
        tasks.change(task.key(), t -> t.withContainer(c.name(), TaskRun::vanished));
      } else if (view.get().state() instanceof State.Exited(ExitStatus status)) {
        Instant now = platform.clock().instant();
        ContainerDefinition d = task.definition(c.name());
        tasks.change(
            task.key(),
            t ->
                ContainerRestarts.applies(t, d, status.code(), now)
                    ? ContainerRestarts.noted(t, c.name(), now)
                    : t.withContainer(c.name(), x -> exited(x, status)));
      }
    }
    tasks.change(task.key(), TaskRun::withHealth);
    return tasks.find(task.key()).orElse(task);
  }

  static Container exited(Container c, ExitStatus status) {
    String reason =
        status.outOfMemory()
            ? "OutOfMemoryError: Container killed due to memory usage"
            : status.reason().isEmpty() ? c.reason() : status.reason();
    return c.toBuilder().lastStatus("STOPPED").exitCode(status.code()).reason(reason).build();
  }

  static Container vanished(Container c) {
    return c.toBuilder()
        .lastStatus("STOPPED")
        .reason("the container is gone: it was removed behind ECS's back")
        .build();
  }

  /// The task is as healthy as its essential containers with health checks.
  private static StoredTask withHealth(StoredTask t) {
    List<String> states =
        t.definition().containerDefinitions().stream()
            .filter(c -> c.healthCheck() != null && Boolean.TRUE.equals(c.essential()))
            .map(c -> t.container(c.name()).healthStatus())
            .toList();
    String health =
        states.isEmpty()
            ? "UNKNOWN"
            : states.contains("UNHEALTHY")
                ? "UNHEALTHY"
                : states.stream().allMatch("HEALTHY"::equals) ? "HEALTHY" : "UNKNOWN";
    return health.equals(t.task().healthStatus())
        ? t
        : t.with(t.task().toBuilder().healthStatus(health).build());
  }

  /// Has exits noticed, logs shipped, health checked and metadata answered, from now on or since
  /// before.
  void watch(StoredTask task) {
    listen(task);
    for (ContainerDefinition d : task.definition().containerDefinitions()) {
      Container c = task.container(d.name());
      if (c.runtimeId() == null || c.lastStatus().equals("PENDING")) {
        continue;
      }
      logs.ship(task, d);
      if (c.lastStatus().equals("RUNNING")) {
        exits.watch(task.key(), c.runtimeId());
        probes.watch(task, d);
      }
    }
  }

  /// Opens what the task reaches inside its own network.
  void listen(StoredTask task) {
    endpoints.open(task);
    connect.open(task);
    if (!"host".equals(task.definition().networkMode())) {
      resolver.open(task);
    }
  }

  /// Whether an essential container has ended, or is unhealthy outside a service; then the task is
  /// asked to stop.
  boolean ended(StoredTask task) {
    Instant now = platform.clock().instant();
    for (ContainerDefinition d : task.definition().containerDefinitions()) {
      if (!Boolean.FALSE.equals(d.essential())
          && task.container(d.name()).lastStatus().equals("STOPPED")) {
        tasks.change(
            task.key(),
            t -> t.stopped("EssentialContainerExited", "Essential container in task exited", now));
        return true;
      }
    }
    return false;
  }
}
