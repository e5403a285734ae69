package dev.freeway.codebuild;

import dev.freeway.containers.Container;
import dev.freeway.containers.ContainerException;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.util.concurrent.ConcurrentHashMap;

/// The threads that carry the output of running builds to the log, one a container.
final class LogFollower {
  private final Platform platform;
  private final BuildMachine machine;
  private final LogShipper logs;
  private final ConcurrentHashMap<String, Thread> followed = new ConcurrentHashMap<>();

  LogFollower(Platform platform, BuildMachine machine, LogShipper logs) {
    this.platform = platform;
    this.machine = machine;
    this.logs = logs;
  }

  /// Begins to follow, unless somebody does or all of it is in the log.
  void follow(Call call, StoredBuild b) {
    followed.computeIfAbsent(
        b.container(),
        container -> {
          if (drained(b)) {
            return null;
          }
          LogMask mask = logs.mask(b);
          return Thread.ofVirtual()
              .name("log-" + container)
              .start(() -> ship(call, b, mask, container));
        });
  }

  boolean follows(StoredBuild b) {
    return followed.containsKey(b.container());
  }

  // Whether everything the exited container wrote is in the log already.
  private boolean drained(StoredBuild b) {
    boolean exited =
        machine
            .runtime()
            .inspect(b.container())
            .map(c -> c.state() instanceof Container.State.Exited)
            .orElse(true);
    if (!exited) {
      return false;
    }
    try (var rest = machine.runtime().logs(b.container(), b.logged(), false)) {
      return rest.next() == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void ship(Call call, StoredBuild b, LogMask mask, String container) {
    try {
      logs.ship(
          call,
          b,
          mask,
          machine.runtime().logs(container, b.logged(), true),
          () -> platform.flow().nudge(BuildReconciler.KIND, b.key()));
      machine.runtime().waitFor(container);
    } catch (ContainerException.NotFound gone) {
      // A build that is stopped takes its container away: there is nothing more to log.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      followed.remove(container);
    }
    platform.flow().nudge(BuildReconciler.KIND, b.key());
  }

  void stop(StoredBuild b) {
    Thread follower = followed.remove(b.container());
    if (follower != null) {
      follower.interrupt();
    }
  }

  void close() {
    followed.values().forEach(Thread::interrupt);
  }
}
