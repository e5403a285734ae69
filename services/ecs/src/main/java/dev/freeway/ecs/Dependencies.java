package dev.freeway.ecs;

import dev.freeway.ecs.api.Container;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.ContainerDependency;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Conditions between the containers of a task.
final class Dependencies {
  private Dependencies() {}

  private static List<ContainerDependency> of(ContainerDefinition c) {
    return c.dependsOn() == null ? List.of() : c.dependsOn();
  }

  /// Whether a container may start. Throws when it never can, or has waited too long.
  static boolean ready(StoredTask task, ContainerDefinition c, Instant now) throws StartFailure {
    for (ContainerDependency d : of(c)) {
      if (!met(task.container(d.containerName()), d.condition(), c.name())) {
        Instant due = giveUpAt(task, d);
        if (due != null && !now.isBefore(due)) {
          throw new StartFailure(
              "dependency graph: container ordering dependency: container '%s' with condition %s for container '%s' has timed out"
                  .formatted(d.containerName(), d.condition(), c.name()));
        }
        return false;
      }
    }
    return true;
  }

  /// When the first of the containers that wait gives up; null if none does.
  static @Nullable Instant giveUpAt(StoredTask task) {
    return task.definition().containerDefinitions().stream()
        .filter(c -> task.container(c.name()).lastStatus().equals("PENDING"))
        .flatMap(c -> of(c).stream())
        .map(d -> giveUpAt(task, d))
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /// The time is that of the container waited for, from its start on.
  private static @Nullable Instant giveUpAt(StoredTask task, ContainerDependency d) {
    Integer seconds = task.definition(d.containerName()).startTimeout();
    Instant since = task.starts().get(d.containerName());
    return seconds == null || since == null ? null : since.plusSeconds(seconds);
  }

  private static boolean met(Container on, String condition, String name) throws StartFailure {
    boolean stopped = on.lastStatus().equals("STOPPED");
    return switch (condition) {
      case "START" -> !on.lastStatus().equals("PENDING");
      case "COMPLETE" -> stopped;
      case "SUCCESS" -> {
        if (stopped && (on.exitCode() == null || on.exitCode() != 0)) {
          throw new StartFailure(
              "dependency graph: failed to meet container ordering dependency: container '%s' depends on '%s' with condition SUCCESS, which exited with %s"
                  .formatted(name, on.name(), on.exitCode()));
        }
        yield stopped;
      }
      default -> {
        if (stopped || "UNHEALTHY".equals(on.healthStatus())) {
          throw new StartFailure(
              "dependency graph: failed to meet container ordering dependency: container '%s' depends on '%s' with condition HEALTHY, which is not healthy"
                  .formatted(name, on.name()));
        }
        yield "HEALTHY".equals(on.healthStatus());
      }
    };
  }

  /// Containers in the order to stop them: who depends on another stops before it.
  static List<ContainerDefinition> stopOrder(List<ContainerDefinition> all) {
    List<ContainerDefinition> order = new java.util.ArrayList<>();
    all.forEach(c -> after(c, all, order));
    return order.reversed();
  }

  private static void after(
      ContainerDefinition c, List<ContainerDefinition> all, List<ContainerDefinition> order) {
    if (order.contains(c)) {
      return;
    }
    if (c.dependsOn() != null) {
      for (ContainerDependency d : c.dependsOn()) {
        all.stream()
            .filter(x -> x.name().equals(d.containerName()))
            .forEach(x -> after(x, all, order));
      }
    }
    order.add(c);
  }
}
