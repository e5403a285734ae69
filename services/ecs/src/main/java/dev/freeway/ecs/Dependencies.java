package dev.freeway.ecs;

import dev.freeway.ecs.api.Container;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.ContainerDependency;
import java.util.List;

/// Conditions between the containers of a task.
final class Dependencies {
  private Dependencies() {}

  /// Whether a container may start. Throws when it never can.
  static boolean ready(StoredTask task, ContainerDefinition c) throws StartFailure {
    for (ContainerDependency d :
        c.dependsOn() == null ? List.<ContainerDependency>of() : c.dependsOn()) {
      if (!met(task.container(d.containerName()), d.condition(), c.name())) {
        return false;
      }
    }
    return true;
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
