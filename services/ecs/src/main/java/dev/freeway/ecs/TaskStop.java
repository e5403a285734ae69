package dev.freeway.ecs;

import dev.freeway.containers.Container.State;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.ecs.api.Container;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.flow.Outcome;
import dev.freeway.platform.Platform;
import dev.freeway.sessions.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From wherever a task is to STOPPED: out of the target groups and drained, then the containers,
/// then the network.
final class TaskStop {
  /// Short drains end soon; long ones are not asked after so often.
  private static final Duration DRAIN_POLL = Duration.ofMillis(100);

  private static final Duration LONG_DRAIN_POLL = Duration.ofSeconds(1);

  private final Platform platform;
  private final Tasks tasks;
  private final ContainerRuntime runtime;
  private final ContainerSpecs specs;
  private final TaskLogs logs;
  private final Targets targets;
  private final TaskEndpoints endpoints;
  private final ServiceConnect connect;
  private final TaskResolver resolver;
  private final CloudMap map;
  private final Sessions sessions;

  TaskStop(
      Platform platform,
      Tasks tasks,
      ContainerRuntime runtime,
      ContainerSpecs specs,
      TaskLogs logs,
      Targets targets,
      TaskEndpoints endpoints,
      ServiceConnect connect,
      TaskResolver resolver,
      CloudMap map,
      Sessions sessions) {
    this.platform = platform;
    this.tasks = tasks;
    this.runtime = runtime;
    this.specs = specs;
    this.logs = logs;
    this.targets = targets;
    this.endpoints = endpoints;
    this.connect = connect;
    this.resolver = resolver;
    this.map = map;
    this.sessions = sessions;
  }

  @Nullable Outcome step(StoredTask task) throws InterruptedException, IOException {
    if (task.registered()) {
      return drain(task);
    }
    return switch (task.task().lastStatus()) {
      case "STOPPING" -> stopContainers(task);
      case "DEPROVISIONING" -> remove(task);
      default -> {
        boolean started =
            task.task().containers().stream().anyMatch(c -> !c.lastStatus().equals("PENDING"));
        boolean made = started || task.task().pullStartedAt() != null;
        tasks.change(task.key(), t -> t.withStatus(made ? "STOPPING" : "DEPROVISIONING"));
        yield null;
      }
    };
  }

  private @Nullable Outcome drain(StoredTask task) {
    if (!task.is("DEACTIVATING")) {
      targets.deregister(task);
      map.deregister(task);
      tasks.change(task.key(), t -> t.withStatus("DEACTIVATING"));
      return null;
    }
    // What has stopped by itself has no connections to wait for.
    boolean serves =
        task.task().containers().stream().anyMatch(c -> c.lastStatus().equals("RUNNING"));
    if (serves && targets.anyDraining(task)) {
      Instant soon = task.task().stoppingAt().plus(LONG_DRAIN_POLL.multipliedBy(5));
      boolean early = platform.clock().instant().isBefore(soon);
      return Outcome.retryAfter(early ? DRAIN_POLL : LONG_DRAIN_POLL);
    }
    tasks.change(task.key(), t -> t.withRegistered(false));
    return null;
  }

  private @Nullable Outcome stopContainers(StoredTask task) throws InterruptedException {
    List<ContainerDefinition> order =
        Dependencies.stopOrder(task.definition().containerDefinitions());
    boolean ordered =
        order.stream().anyMatch(c -> c.dependsOn() != null && !c.dependsOn().isEmpty());
    List<Thread> stopping = new ArrayList<>();
    for (ContainerDefinition c : order) {
      Thread t =
          Thread.ofVirtual()
              .name("stop " + task.sandbox() + "." + c.name())
              .start(() -> stop(task, c));
      stopping.add(t);
      if (ordered) {
        join(t, stopping);
      }
    }
    for (Thread t : stopping) {
      join(t, stopping);
    }
    sessions.endIn(task.key());
    for (ContainerDefinition c : order) {
      record(task, c);
      logs.finish(task, c);
    }
    Instant now = platform.clock().instant();
    tasks.change(
        task.key(),
        t ->
            t.with(
                t.task().toBuilder().lastStatus("DEPROVISIONING").executionStoppedAt(now).build()));
    return null;
  }

  private static void join(Thread thread, List<Thread> all) throws InterruptedException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      all.forEach(Thread::interrupt);
      throw e;
    }
  }

  private void stop(StoredTask task, ContainerDefinition c) {
    String id = task.sandbox() + "." + c.name();
    Duration grace = Duration.ofSeconds(c.stopTimeout() == null ? 30 : c.stopTimeout());
    try {
      var view = runtime.inspect(id);
      if (view.isPresent() && view.get().state() instanceof State.Running) {
        runtime.stop(id, platform.clock().realTime(grace));
      }
    } catch (ContainerException.NotFound | ContainerException.Conflict e) {
      // It is gone or has ended meanwhile: what was to be.
    } catch (InterruptedException e) {
      // Freeway stops; the container is stopped after the next start.
      Thread.currentThread().interrupt();
    }
  }

  /// Writes down how a container ended, if it ever ran.
  private void record(StoredTask task, ContainerDefinition c) {
    Container before = task.container(c.name());
    if (before.lastStatus().equals("STOPPED")) {
      return;
    }
    var view = runtime.inspect(task.sandbox() + "." + c.name());
    tasks.change(
        task.key(),
        t ->
            t.withContainer(
                c.name(),
                x ->
                    view.isPresent() && view.get().state() instanceof State.Exited(var status)
                        ? TaskRun.exited(x, status)
                        : x.toBuilder().lastStatus("STOPPED").build()));
  }

  private @Nullable Outcome remove(StoredTask task) throws IOException {
    endpoints.close(task);
    connect.close(task);
    resolver.close(task);
    runtime.removeSandbox(task.sandbox());
    deleteTree(specs.volumes(task));
    Instant now = platform.clock().instant();
    tasks.change(
        task.key(),
        t ->
            t.with(
                t.task().toBuilder()
                    .lastStatus("STOPPED")
                    .stoppedAt(now)
                    .attachments(
                        t.task().attachments().stream()
                            .map(a -> a.toBuilder().status("DELETED").build())
                            .toList())
                    .containers(
                        t.task().containers().stream()
                            .map(c -> c.toBuilder().lastStatus("STOPPED").build())
                            .toList())
                    .build()));
    return null;
  }

  private static void deleteTree(Path root) throws IOException {
    if (Files.exists(root)) {
      try (var all = Files.walk(root)) {
        for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(p);
        }
      }
    }
  }
}
