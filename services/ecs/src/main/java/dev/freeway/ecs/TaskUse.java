package dev.freeway.ecs;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.Stats;
import dev.freeway.ecs.api.Container;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.platform.Measured;
import dev.freeway.platform.Measures;
import dev.freeway.platform.Platform;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// CPUUtilization and MemoryUtilization of AWS/ECS: what running tasks use of what is reserved for
/// them, by cluster and service. See "Amazon ECS service utilization metrics" in the developer
/// guide.
final class TaskUse implements Measures.Source {
  private static final String NAMESPACE = "AWS/ECS";

  private final Platform platform;
  private final Tasks tasks;
  private final ContainerRuntime runtime;

  /// Processor time at the last look, by container.
  private Map<String, Look> looks = new HashMap<>();

  private record Look(long cpuNanos, long at) {}

  TaskUse(Platform platform, Tasks tasks, ContainerRuntime runtime) {
    this.platform = platform;
    this.tasks = tasks;
    this.runtime = runtime;
  }

  @Override
  public synchronized void measure(Instant at, Consumer<Measured> out) {
    Map<String, Look> now = new HashMap<>();
    for (StoredTask t : platform.store().read(tasks::all)) {
      if (t.is("RUNNING") && t.service() != null) {
        measure(t, at, now, out);
      }
    }
    looks = now;
  }

  private void measure(StoredTask t, Instant at, Map<String, Look> now, Consumer<Measured> out) {
    double cores = 0;
    double bytes = 0;
    boolean known = false;
    for (Container c : t.task().containers()) {
      if (c.runtimeId() != null && "RUNNING".equals(c.lastStatus())) {
        Stats s;
        try {
          s = runtime.stats(c.runtimeId());
        } catch (ContainerException e) {
          // It has just ended.
          continue;
        }
        Look look = new Look(s.cpuNanos(), System.nanoTime());
        Look before = looks.get(c.runtimeId());
        if (s.cpuNanos() >= 0 && before != null && look.at() > before.at()) {
          cores += (double) (look.cpuNanos() - before.cpuNanos()) / (look.at() - before.at());
          known = true;
        }
        now.put(c.runtimeId(), look);
        bytes += Math.max(0, s.memoryBytes());
      }
    }
    double reserved = reserved(t, t.definition().cpu(), Sizes::cpuUnits, ContainerDefinition::cpu);
    if (known && reserved > 0) {
      tell(t, "CPUUtilization", at, 100 * cores * 1024 / reserved, out);
    }
    double memory =
        reserved(
            t,
            t.definition().memory(),
            Sizes::memoryMib,
            d -> d.memory() != null ? d.memory() : d.memoryReservation());
    if (bytes > 0 && memory > 0) {
      tell(t, "MemoryUtilization", at, 100 * bytes / (memory * 1024 * 1024), out);
    }
  }

  private interface OfContainer {
    @Nullable Integer of(ContainerDefinition d);
  }

  /// The task's size, or the sum of its containers'.
  private static double reserved(
      StoredTask t, @Nullable String ofTask, ToIntFunction<String> parse, OfContainer ofContainer) {
    if (ofTask != null && !ofTask.isBlank()) {
      return parse.applyAsInt(ofTask);
    }
    double sum = 0;
    for (ContainerDefinition d : t.definition().containerDefinitions()) {
      Integer part = ofContainer.of(d);
      sum += part == null ? 0 : part;
    }
    return sum;
  }

  private static void tell(
      StoredTask t, String name, Instant at, double percent, Consumer<Measured> out) {
    Map<String, String> cluster = Map.of("ClusterName", t.cluster());
    Map<String, String> service = Map.of("ClusterName", t.cluster(), "ServiceName", t.service());
    for (Map<String, String> dimensions : List.of(cluster, service)) {
      out.accept(Measured.of(t.scope(), NAMESPACE, name, dimensions, "Percent", at, percent));
    }
  }
}
