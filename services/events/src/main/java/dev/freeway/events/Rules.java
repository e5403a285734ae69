package dev.freeway.events;

import dev.freeway.events.api.EventsErrors;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of rules.
final class Rules {
  private static final Table<StoredRule> TABLE = new Table<>("events_rules", StoredRule.class);

  Optional<StoredRule> find(ReadTx tx, Scope scope, String bus, String name) {
    return tx.get(TABLE, scope.key(bus, name));
  }

  StoredRule require(ReadTx tx, Scope scope, String bus, String name) {
    return find(tx, scope, bus, name)
        .orElseThrow(
            () ->
                EventsErrors.resourceNotFoundException(
                    "Rule " + name + " does not exist on EventBus " + bus + "."));
  }

  Optional<StoredRule> byKey(ReadTx tx, String key) {
    return tx.get(TABLE, key);
  }

  void save(Tx tx, StoredRule rule) {
    tx.put(TABLE, rule.key(), rule);
  }

  void delete(Tx tx, StoredRule rule) {
    tx.delete(TABLE, rule.key());
  }

  List<StoredRule> ofBus(ReadTx tx, Scope scope, String bus) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region(), bus)).stream()
        .map(Row::value)
        .toList();
  }
}
