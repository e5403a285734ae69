package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Storage of container instances. Each is this machine under a name, with resources of its own to
/// place tasks by.
final class Instances {
  static final String ZONE = "ecs.availability-zone";

  private static final Table<ContainerInstance> TABLE =
      new Table<>("ecs_container_instances", ContainerInstance.class);

  private final Tasks tasks;

  Instances(Tasks tasks) {
    this.tasks = tasks;
  }

  static String id(String idOrArn) {
    return idOrArn.substring(idOrArn.lastIndexOf('/') + 1);
  }

  Optional<ContainerInstance> find(ReadTx tx, Scope scope, String cluster, String idOrArn) {
    return tx.get(TABLE, scope.key(cluster, id(idOrArn)));
  }

  ContainerInstance require(ReadTx tx, Scope scope, String cluster, String idOrArn) {
    return find(tx, scope, cluster, idOrArn)
        .orElseThrow(
            () ->
                EcsErrors.invalidParameterException(
                    "Referenced container instance " + id(idOrArn) + " not found."));
  }

  List<ContainerInstance> all(ReadTx tx, Scope scope, String cluster) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region(), cluster)).stream()
        .map(Row::value)
        .toList();
  }

  void save(Tx tx, Scope scope, String cluster, ContainerInstance instance) {
    tx.put(TABLE, scope.key(cluster, id(instance.containerInstanceArn())), instance);
  }

  void delete(Tx tx, Scope scope, String cluster, ContainerInstance instance) {
    tx.delete(TABLE, scope.key(cluster, id(instance.containerInstanceArn())));
  }

  List<StoredTask> tasksOn(ReadTx tx, Scope scope, String cluster, ContainerInstance instance) {
    return tasks.all(tx, scope, cluster).stream()
        .filter(t -> instance.containerInstanceArn().equals(t.task().containerInstanceArn()))
        .filter(t -> !t.is("STOPPED"))
        .toList();
  }

  /// With what is counted: tasks, and what they leave of its resources.
  ContainerInstance view(ReadTx tx, Scope scope, String cluster, ContainerInstance instance) {
    List<StoredTask> on = tasksOn(tx, scope, cluster, instance);
    int cpu = on.stream().mapToInt(t -> cpu(t.definition())).sum();
    int memory = on.stream().mapToInt(t -> memory(t.definition())).sum();
    List<Resource> remaining = new ArrayList<>();
    for (Resource r : instance.registeredResources()) {
      int used = r.name().equals("CPU") ? cpu : r.name().equals("MEMORY") ? memory : 0;
      remaining.add(
          r.integerValue() == null
              ? r
              : r.toBuilder().integerValue(r.integerValue() - used).build());
    }
    return instance.toBuilder()
        .remainingResources(remaining)
        .runningTasksCount((int) on.stream().filter(t -> t.is("RUNNING")).count())
        .pendingTasksCount((int) on.stream().filter(StoredTask::isPending).count())
        .build();
  }

  static int cpu(TaskDefinition d) {
    return d.cpu() != null
        ? Sizes.cpuUnits(d.cpu())
        : d.containerDefinitions().stream().mapToInt(c -> c.cpu() == null ? 0 : c.cpu()).sum();
  }

  static int memory(TaskDefinition d) {
    return d.memory() != null
        ? Sizes.memoryMib(d.memory())
        : d.containerDefinitions().stream()
            .mapToInt(
                c ->
                    c.memoryReservation() != null
                        ? c.memoryReservation()
                        : c.memory() == null ? 0 : c.memory())
            .sum();
  }

  static int resource(List<Resource> resources, String name) {
    return resources.stream()
        .filter(r -> r.name().equals(name) && r.integerValue() != null)
        .mapToInt(Resource::integerValue)
        .findFirst()
        .orElse(0);
  }

  static Map<String, String> attributes(ContainerInstance instance) {
    Map<String, String> all = new TreeMap<>();
    instance.attributes().forEach(a -> all.put(a.name(), a.value() == null ? "" : a.value()));
    return all;
  }

  /// Those that may get tasks, as [Placement] sees them.
  ClusterQuery.Subject subject(ReadTx tx, Scope scope, String cluster, ContainerInstance i) {
    Set<String> groups =
        tasksOn(tx, scope, cluster, i).stream()
            .filter(StoredTask::isWanted)
            .map(t -> t.task().group())
            .collect(Collectors.toSet());
    return new ClusterQuery.Subject(attributes(i), i.ec2InstanceId(), groups);
  }

  List<Placement.Host> hosts(ReadTx tx, Scope scope, String cluster, String group) {
    List<Placement.Host> hosts = new ArrayList<>();
    for (ContainerInstance i : all(tx, scope, cluster)) {
      if (i.status().equals("ACTIVE")) {
        ContainerInstance now = view(tx, scope, cluster, i);
        long own =
            tasksOn(tx, scope, cluster, i).stream()
                .filter(t -> t.isWanted() && group.equals(t.task().group()))
                .count();
        hosts.add(
            new Placement.Host(
                i.containerInstanceArn(),
                subject(tx, scope, cluster, i),
                resource(now.remainingResources(), "CPU"),
                resource(now.remainingResources(), "MEMORY"),
                (int) own));
      }
    }
    return hosts;
  }
}
