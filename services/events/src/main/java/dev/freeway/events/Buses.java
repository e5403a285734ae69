package dev.freeway.events;

import dev.freeway.events.api.EventsErrors;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Storage of buses.
final class Buses {
  private static final Table<Bus> TABLE = new Table<>("events_buses", Bus.class);

  /// By name or ARN; nothing means the default bus.
  Bus require(ReadTx tx, Scope scope, @Nullable String nameOrArn) {
    String name = nameOf(nameOrArn);
    return tx.get(TABLE, scope.key(name))
        .or(
            () ->
                name.equals(Bus.DEFAULT)
                    ? java.util.Optional.of(theDefault(scope))
                    : java.util.Optional.empty())
        .orElseThrow(
            () -> EventsErrors.resourceNotFoundException("Event bus " + name + " does not exist."));
  }

  static String nameOf(@Nullable String nameOrArn) {
    if (nameOrArn == null || nameOrArn.isEmpty()) {
      return Bus.DEFAULT;
    }
    return nameOrArn.startsWith("arn:")
        ? nameOrArn.substring(nameOrArn.indexOf('/') + 1)
        : nameOrArn;
  }

  private static Bus theDefault(Scope scope) {
    return new Bus(
        scope, Bus.DEFAULT, null, Instant.EPOCH, Map.of(), Instant.EPOCH, null, null, null);
  }

  boolean exists(ReadTx tx, Scope scope, String name) {
    return name.equals(Bus.DEFAULT) || tx.contains(TABLE, scope.key(name));
  }

  void save(Tx tx, Bus bus) {
    tx.put(TABLE, bus.scope().key(bus.name()), bus);
  }

  void delete(Tx tx, Scope scope, String name) {
    tx.delete(TABLE, scope.key(name));
  }

  List<Bus> all(ReadTx tx, Scope scope) {
    List<Bus> all =
        new ArrayList<>(
            tx.scan(TABLE, Key.prefix(scope.account(), scope.region())).stream()
                .map(Row::value)
                .toList());
    if (all.stream().noneMatch(b -> b.name().equals(Bus.DEFAULT))) {
      all.add(theDefault(scope));
    }
    all.sort(java.util.Comparator.comparing(Bus::name));
    return all;
  }
}
