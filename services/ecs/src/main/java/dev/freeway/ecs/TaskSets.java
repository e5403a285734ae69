package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Storage of task sets, and what keeps their tasks: each has its part of the service's desired
/// count, and moves no traffic by itself.
final class TaskSets {
  private static final Table<TaskSet> TABLE = new Table<>("ecs_task_sets", TaskSet.class);

  private final Tasks tasks;

  TaskSets(Tasks tasks) {
    this.tasks = tasks;
  }

  static String digits(String idOrArn) {
    return idOrArn.substring(idOrArn.lastIndexOf('/') + 1);
  }

  private static String key(StoredService s, String id) {
    return s.scope().key(s.cluster(), s.name(), digits(id));
  }

  /// Oldest first.
  List<TaskSet> all(ReadTx tx, StoredService s) {
    Scope scope = s.scope();
    return tx
        .scan(TABLE, Key.prefix(scope.account(), scope.region(), s.cluster(), s.name()))
        .stream()
        .map(Row::value)
        .sorted(Comparator.comparing(TaskSet::createdAt).thenComparing(TaskSet::id))
        .toList();
  }

  Optional<TaskSet> find(ReadTx tx, StoredService s, String idOrArn) {
    return tx.get(TABLE, key(s, idOrArn));
  }

  TaskSet require(ReadTx tx, StoredService s, String idOrArn) {
    return find(tx, s, idOrArn)
        .orElseThrow(() -> EcsErrors.taskSetNotFoundException("The task set was not found."));
  }

  void save(Tx tx, StoredService s, TaskSet set) {
    tx.put(TABLE, key(s, set.id()), set);
  }

  void delete(Tx tx, StoredService s, TaskSet set) {
    tx.delete(TABLE, key(s, set.id()));
  }

  private List<StoredTask> own(ReadTx tx, StoredService s, TaskSet set) {
    return tasks.all(tx, s.scope(), s.cluster()).stream()
        .filter(t -> s.name().equals(t.service()) && set.id().equals(t.deployment()))
        .filter(t -> !t.is("STOPPED"))
        .toList();
  }

  static int desired(StoredService s, TaskSet set) {
    if (set.status().equals("DRAINING") || !s.status().equals("ACTIVE")) {
      return 0;
    }
    double percent = set.scale() == null ? 100 : set.scale().value();
    return (int) Math.ceil(s.desired() * percent / 100);
  }

  /// With what is counted.
  TaskSet view(ReadTx tx, StoredService s, TaskSet set) {
    List<StoredTask> own = own(tx, s, set);
    int running = (int) own.stream().filter(t -> t.is("RUNNING") && t.isWanted()).count();
    int wanted = desired(s, set);
    boolean steady = running == wanted && own.size() == wanted;
    return set.toBuilder()
        .computedDesiredCount(wanted)
        .runningCount(running)
        .pendingCount((int) own.stream().filter(StoredTask::isPending).count())
        .stabilityStatus(steady ? "STEADY_STATE" : "STABILIZING")
        .build();
  }

  /// Starts and stops tasks so that each set has its count; drops sets that are drained.
  StoredService advance(
      Tx tx,
      StoredService s,
      ServiceTasks keeper,
      Map<String, ServiceHealth.Verdict> verdicts,
      Instant now) {
    StoredService after = s;
    for (TaskSet set : all(tx, s)) {
      List<StoredTask> own = own(tx, s, set);
      List<StoredTask> wanted = own.stream().filter(StoredTask::isWanted).toList();
      int desired = desired(s, set);
      if (set.status().equals("DRAINING") && own.isEmpty()) {
        delete(tx, s, set);
        continue;
      }
      int surplus = wanted.size() - desired;
      if (surplus > 0) {
        List<StoredTask> stop =
            wanted.stream()
                .filter(t -> !t.isProtected(now))
                .sorted(
                    Comparator.comparing(
                            (StoredTask t) ->
                                verdicts.containsKey(t.id()) && verdicts.get(t.id()).healthy())
                        .thenComparing(t -> t.task().createdAt(), Comparator.reverseOrder()))
                .limit(surplus)
                .toList();
        after = keeper.stop(tx, after, set.id(), stop, now);
      } else if (surplus < 0 && !now.isBefore(Backoff.startFrom(all(tx, s, set)))) {
        after = keeper.start(tx, after, deployment(set), -surplus, now);
      }
      note(tx, s, set, now);
    }
    return after;
  }

  private List<StoredTask> all(ReadTx tx, StoredService s, TaskSet set) {
    return tasks.all(tx, s.scope(), s.cluster()).stream()
        .filter(t -> set.id().equals(t.deployment()))
        .toList();
  }

  /// Writes down when it became stable or ceased to be.
  private void note(Tx tx, StoredService s, TaskSet set, Instant now) {
    String stability = view(tx, s, set).stabilityStatus();
    if (!stability.equals(set.stabilityStatus())) {
      save(tx, s, set.toBuilder().stabilityStatus(stability).stabilityStatusAt(now).build());
    }
  }

  private static StoredDeployment deployment(TaskSet set) {
    return StoredDeployment.begun(
        set.id(),
        set.taskDefinition(),
        set.createdAt(),
        set.launchType() == null ? "FARGATE" : set.launchType(),
        set.capacityProviderStrategy(),
        set.networkConfiguration(),
        set.loadBalancers(),
        set.serviceRegistries());
  }
}
