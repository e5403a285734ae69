package dev.freeway.ecs;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.Exec;
import dev.freeway.containers.ExecSpec;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.HealthCheck;
import dev.freeway.flow.FlowClock;
import dev.freeway.platform.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Runs the health checks of containers.
///
/// Until a check succeeds for the first time it is repeated every second, so that what is healthy
/// is known soon; a failure counts once per interval, and not in the start period.
final class HealthProbes implements AutoCloseable {
  private static final Duration EAGER = Duration.ofSeconds(1);

  private final Platform platform;
  private final Tasks tasks;
  private final ContainerRuntime runtime;
  private final Map<String, Thread> probing = new ConcurrentHashMap<>();

  HealthProbes(Platform platform, Tasks tasks, ContainerRuntime runtime) {
    this.platform = platform;
    this.tasks = tasks;
    this.runtime = runtime;
  }

  void watch(StoredTask task, ContainerDefinition c) {
    HealthCheck check = c.healthCheck();
    if (check != null && !check.command().getFirst().equals("NONE")) {
      String id = task.sandbox() + "." + c.name();
      probing.computeIfAbsent(
          id,
          key ->
              Thread.ofVirtual()
                  .name("health of " + key)
                  .start(() -> probe(task.key(), c.name(), key, check)));
    }
  }

  private void probe(String taskKey, String name, String id, HealthCheck check) {
    FlowClock clock = platform.clock();
    Duration interval = Duration.ofSeconds(check.interval() == null ? 30 : check.interval());
    int retries = check.retries() == null ? 3 : check.retries();
    Instant graceEnds =
        clock.instant().plusSeconds(check.startPeriod() == null ? 0 : check.startPeriod());
    Instant countFrom = clock.instant().plus(interval);
    int failures = 0;
    boolean everHealthy = false;
    try {
      while (true) {
        Instant now = clock.instant();
        if (succeeds(id, check)) {
          everHealthy = true;
          failures = 0;
          set(taskKey, name, "HEALTHY");
        } else if (!now.isBefore(graceEnds) && !now.isBefore(countFrom)) {
          countFrom = now.plus(interval);
          if (++failures >= retries) {
            set(taskKey, name, "UNHEALTHY");
          }
        }
        Duration pause = everHealthy || interval.compareTo(EAGER) < 0 ? interval : EAGER;
        clock.sleepUntil(clock.instant().plus(pause));
      }
    } catch (ContainerException.NotFound | ContainerException.Conflict e) {
      // It has ended; that is noticed elsewhere.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      probing.remove(id);
    }
  }

  private void set(String taskKey, String name, String health) {
    StoredTask task = tasks.find(taskKey).orElse(null);
    if (task != null && !health.equals(task.container(name).healthStatus())) {
      tasks.change(
          taskKey, t -> t.withContainer(name, c -> c.toBuilder().healthStatus(health).build()));
      platform.flow().nudge(Tasks.KIND, taskKey);
    }
  }

  private boolean succeeds(String id, HealthCheck check) throws InterruptedException {
    List<String> words = check.command();
    List<String> command =
        words.getFirst().equals("CMD-SHELL")
            ? List.of("/bin/sh", "-c", String.join(" ", words.subList(1, words.size())))
            : words.subList(1, words.size());
    Duration timeout = Duration.ofSeconds(check.timeout() == null ? 5 : check.timeout());
    try (Exec exec = runtime.exec(id, new ExecSpec(command, Map.of(), null, null, null))) {
      Thread killer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      Thread.sleep(platform.clock().realTime(timeout));
                      exec.close();
                    } catch (InterruptedException e) {
                      // It ended in time.
                    }
                  });
      Thread err = Thread.ofVirtual().start(() -> drain(exec.stderr()));
      drain(exec.stdout());
      int code = exec.waitFor();
      killer.interrupt();
      err.join();
      return code == 0;
    } catch (ContainerException.Failed | ContainerException.Unavailable e) {
      return false;
    }
  }

  private static void drain(InputStream in) {
    try {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The command was killed; its code says so.
    } catch (UncheckedIOException e) {
      // The same, as some streams say it.
    }
  }

  @Override
  public void close() {
    probing.values().forEach(Thread::interrupt);
  }
}
