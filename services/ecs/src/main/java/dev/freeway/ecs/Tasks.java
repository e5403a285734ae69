package dev.freeway.ecs;

import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Storage of tasks. Every change of one goes through here, so that its event, its reconciler and
/// its service hear of it in the same transaction.
final class Tasks {
  static final String KIND = "ecs.task";

  /// How long a stopped task can be described.
  static final Duration KEEP = Duration.ofHours(1);

  private static final Table<StoredTask> TABLE = new Table<>("ecs_tasks", StoredTask.class);

  private final Platform platform;
  private final TaskEvents events;

  Tasks(Platform platform, TaskEvents events) {
    this.platform = platform;
    this.events = events;
  }

  Optional<StoredTask> find(ReadTx tx, String key) {
    return tx.get(TABLE, key);
  }

  Optional<StoredTask> find(String key) {
    return platform.store().read(tx -> tx.get(TABLE, key));
  }

  /// @param idOrArn of a task of the cluster
  Optional<StoredTask> find(ReadTx tx, Scope scope, String cluster, String idOrArn) {
    return tx.get(TABLE, scope.key(cluster, id(idOrArn)));
  }

  static String id(String idOrArn) {
    return idOrArn.substring(idOrArn.lastIndexOf('/') + 1);
  }

  StoredTask require(ReadTx tx, Scope scope, String cluster, String idOrArn) {
    return find(tx, scope, cluster, idOrArn)
        .orElseThrow(
            () -> EcsErrors.invalidParameterException("The referenced task was not found."));
  }

  List<StoredTask> all(ReadTx tx, Scope scope, String cluster) {
    return scan(tx, Key.prefix(scope.account(), scope.region(), cluster));
  }

  /// Of every account and region.
  List<StoredTask> all(ReadTx tx) {
    return scan(tx, "");
  }

  private static List<StoredTask> scan(ReadTx tx, String prefix) {
    return tx.scan(TABLE, prefix).stream().map(Row::value).toList();
  }

  void add(Tx tx, StoredTask made) {
    StoredTask task = ExecAgent.shown(made, platform.clock().instant());
    tx.put(TABLE, task.key(), task);
    platform.flow().wake(tx, KIND, task.key());
    events.stateChanged(tx, task);
  }

  void delete(Tx tx, StoredTask task) {
    tx.delete(TABLE, task.key());
  }

  /// Changes a task as it is now, which may be another than the caller last saw.
  void change(String key, UnaryOperator<StoredTask> change) {
    platform.store().update(tx -> change(tx, key, change));
  }

  Optional<StoredTask> change(Tx tx, String key, UnaryOperator<StoredTask> change) {
    StoredTask before = tx.get(TABLE, key).orElse(null);
    if (before == null) {
      return Optional.empty();
    }
    StoredTask changed = ExecAgent.shown(change.apply(before), platform.clock().instant());
    if (changed.equals(before)) {
      return Optional.of(before);
    }
    StoredTask after =
        changed.with(changed.task().toBuilder().version(before.task().version() + 1).build());
    tx.put(TABLE, key, after);
    boolean moved = !after.is(before.task().lastStatus()) || after.isWanted() != before.isWanted();
    if (moved) {
      events.stateChanged(tx, after);
    }
    boolean stopAsked = before.isWanted() && !after.isWanted();
    if (stopAsked) {
      platform.flow().wake(tx, KIND, key);
    }
    if (after.service() != null) {
      platform.flow().wake(tx, Services.KIND, after.scope().key(after.cluster(), after.service()));
    }
    if (moved && after.is("STOPPED")) {
      platform.flow().wakeAt(tx, KIND, key, platform.clock().instant().plus(KEEP));
    }
    return Optional.of(after);
  }
}
