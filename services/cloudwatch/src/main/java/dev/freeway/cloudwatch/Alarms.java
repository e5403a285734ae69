package dev.freeway.cloudwatch;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of alarms.
final class Alarms {
  private static final Table<StoredAlarm> TABLE =
      new Table<>("cloudwatch_alarms", StoredAlarm.class);

  Optional<StoredAlarm> find(ReadTx tx, Scope scope, String name) {
    // A name from a request may hold what a key may not.
    return Texts.isName(name) ? tx.get(TABLE, scope.key(name)) : Optional.empty();
  }

  Optional<StoredAlarm> byKey(ReadTx tx, String key) {
    return tx.get(TABLE, key);
  }

  /// By a name, or an ARN in the same place.
  Optional<StoredAlarm> named(ReadTx tx, Scope scope, String nameOrArn) {
    return find(tx, scope, plain(nameOrArn));
  }

  static String plain(String nameOrArn) {
    return Arn.parse(nameOrArn)
        .filter(a -> a.service().equals("cloudwatch") && a.resource().startsWith("alarm:"))
        .map(a -> a.resource().substring("alarm:".length()))
        .orElse(nameOrArn);
  }

  List<StoredAlarm> all(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  List<StoredAlarm> everywhere(ReadTx tx) {
    return tx.scan(TABLE, "").stream().map(Row::value).toList();
  }

  void save(Tx tx, StoredAlarm alarm) {
    tx.put(TABLE, alarm.key(), alarm);
  }

  void delete(Tx tx, StoredAlarm alarm) {
    tx.delete(TABLE, alarm.key());
  }
}
