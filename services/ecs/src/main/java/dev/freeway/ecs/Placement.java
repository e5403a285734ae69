package dev.freeway.ecs;

import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.ecs.api.PlacementConstraint;
import dev.freeway.ecs.api.PlacementStrategy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Chooses the container instance for a task, from what is known of all of them.
record Placement(
    List<PlacementConstraint> constraints,
    List<PlacementStrategy> strategies,
    int cpu,
    int memory) {
  /// @param cpu and memory: units and MiB that are free
  /// @param own tasks of the same group on it
  record Host(String arn, ClusterQuery.Subject subject, int cpu, int memory, int own) {
    Map<String, String> attributes() {
      return subject.attributes();
    }

    @Nullable String zone() {
      return attributes().get(Instances.ZONE);
    }
  }

  /// The one to take, or why there is none, in AWS's words.
  record Choice(Optional<Host> host, String reason) {}

  static Placement of(
      @Nullable List<PlacementConstraint> constraints,
      @Nullable List<PlacementStrategy> strategies,
      int cpu,
      int memory) {
    Placement p =
        new Placement(
            constraints == null ? List.of() : constraints,
            strategies == null ? List.of() : strategies,
            cpu,
            memory);
    p.check();
    return p;
  }

  /// Throws for what AWS refuses, and for expressions that are not understood here.
  private void check() {
    for (PlacementConstraint c : constraints) {
      if (c.type().equals("memberOf")) {
        ClusterQuery.matches(
            c.expression() == null ? "" : c.expression(), ClusterQuery.Subject.NONE);
      }
    }
    for (PlacementStrategy s : strategies) {
      boolean known =
          switch (s.type()) {
            case "random" -> true;
            case "binpack" -> s.field() != null && s.field().toLowerCase().matches("cpu|memory");
            default -> s.field() != null;
          };
      if (!known) {
        throw EcsErrors.invalidParameterException("Invalid placement strategy field.");
      }
    }
  }

  Choice choose(List<Host> hosts) {
    if (hosts.isEmpty()) {
      return new Choice(Optional.empty(), "No Container Instances were found in your cluster.");
    }
    List<Host> left = new ArrayList<>(hosts);
    for (PlacementConstraint c : constraints) {
      left.removeIf(
          h ->
              c.type().equals("distinctInstance")
                  ? h.own() > 0
                  : !ClusterQuery.matches(
                      c.expression() == null ? "" : c.expression(), h.subject()));
    }
    if (left.isEmpty()) {
      return new Choice(
          Optional.empty(),
          constraints.stream().anyMatch(c -> c.type().equals("memberOf"))
              ? "MemberOf placement constraint unsatisfied."
              : "DistinctInstance placement constraint unsatisfied.");
    }
    left.removeIf(h -> h.cpu() < cpu);
    if (left.isEmpty()) {
      return new Choice(Optional.empty(), "RESOURCE:CPU");
    }
    left.removeIf(h -> h.memory() < memory);
    if (left.isEmpty()) {
      return new Choice(Optional.empty(), "RESOURCE:MEMORY");
    }
    Comparator<Host> order = null;
    for (PlacementStrategy s : strategies) {
      Comparator<Host> next = order(s, hosts);
      order = order == null ? next : order.thenComparing(next);
    }
    // Without a strategy AWS spreads over zones and hosts.
    Comparator<Host> by = order == null ? Comparator.comparing(Host::own) : order;
    return new Choice(left.stream().min(by.thenComparing(Host::arn)), "");
  }

  private static Comparator<Host> order(PlacementStrategy s, List<Host> all) {
    String field = s.field() == null ? "" : s.field();
    return switch (s.type()) {
      case "binpack" ->
          field.equalsIgnoreCase("cpu")
              ? Comparator.comparing(Host::cpu)
              : Comparator.comparing(Host::memory);
      case "spread" -> spread(field.replaceFirst("^attribute:", ""), all);
      default -> Comparator.comparing(h -> Math.floorMod(h.arn().hashCode() * 31 + h.own(), 1021));
    };
  }

  private static Comparator<Host> spread(String field, List<Host> all) {
    if (field.matches("(?i)instanceId|host")) {
      return Comparator.comparing(Host::own);
    }
    Map<String, Integer> perValue = new TreeMap<>();
    all.forEach(h -> perValue.merge(h.attributes().getOrDefault(field, ""), h.own(), Integer::sum));
    return Comparator.comparing(
        h -> perValue.getOrDefault(h.attributes().getOrDefault(field, ""), 0));
  }
}
