package dev.freeway.ecs;

import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.ecs.api.Tag;
import dev.freeway.ecs.api.TaskDefinition;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of task definitions. A revision's number is never given twice.
final class TaskDefinitions {
  private static final Table<Stored> TABLE = new Table<>("ecs_task_definitions", Stored.class);
  private static final Table<Family> FAMILIES = new Table<>("ecs_families", Family.class);

  record Stored(TaskDefinition definition, List<Tag> tags) {
    Stored {
      tags = tags == null ? List.of() : List.copyOf(tags);
    }

    boolean active() {
      return definition.status().equals("ACTIVE");
    }

    boolean going() {
      return definition.status().equals("DELETE_IN_PROGRESS");
    }
  }

  record Family(int latest) {}

  int nextRevision(Tx tx, Scope scope, String family) {
    int next = tx.get(FAMILIES, scope.key(family)).map(Family::latest).orElse(0) + 1;
    tx.put(FAMILIES, scope.key(family), new Family(next));
    return next;
  }

  void save(Tx tx, Scope scope, Stored stored) {
    TaskDefinition d = stored.definition();
    tx.put(TABLE, scope.key(d.family(), Key.number(d.revision())), stored);
  }

  void delete(Tx tx, Scope scope, TaskDefinition d) {
    tx.delete(TABLE, scope.key(d.family(), Key.number(d.revision())));
  }

  List<Stored> all(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  /// @param text an ARN, `family:revision`, or `family` for its latest active revision
  Optional<Stored> find(ReadTx tx, Scope scope, String text) {
    String name = text.substring(text.lastIndexOf('/') + 1);
    int colon = name.indexOf(':');
    if (colon < 0) {
      return tx
          .scanBackward(
              TABLE, Key.prefix(scope.account(), scope.region(), name), "", Integer.MAX_VALUE)
          .stream()
          .map(Row::value)
          .filter(Stored::active)
          .findFirst();
    }
    String revision = name.substring(colon + 1);
    if (!revision.matches("\\d{1,9}")) {
      throw EcsErrors.clientException("Invalid revision number. Number: " + revision);
    }
    return tx.get(
        TABLE, scope.key(name.substring(0, colon), Key.number(Integer.parseInt(revision))));
  }

  /// What tasks are made from. Throws ClientException.
  Stored require(ReadTx tx, Scope scope, String text) {
    Stored stored =
        find(tx, scope, text)
            .orElseThrow(() -> EcsErrors.clientException("Unable to describe task definition."));
    return stored;
  }

  /// An active one. Throws as RunTask and CreateService do.
  Stored usable(ReadTx tx, Scope scope, String text) {
    Stored stored =
        find(tx, scope, text)
            .orElseThrow(() -> EcsErrors.clientException("TaskDefinition not found."));
    if (!stored.active()) {
      throw EcsErrors.clientException("TaskDefinition is inactive");
    }
    return stored;
  }
}
