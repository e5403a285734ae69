package dev.freeway.events;

import dev.freeway.events.api.EventsErrors;
import dev.freeway.flow.Flow;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.EventPattern;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Storage of archives and of their events, in the order of the events' times; what is too old
/// goes.
final class Archives implements Reconciler {
  private static final String KIND = "events.archive";
  private static final int STEP = 500;
  private static final Table<Archive> TABLE = new Table<>("events_archives", Archive.class);
  private static final Table<Kept> EVENTS = new Table<>("events_archived", Kept.class);

  /// An event as it was on the bus.
  record Kept(Instant time, String json) {
    JsonNode event() {
      return JsonMapper.shared().readTree(json);
    }
  }

  private final Store store;
  private final Flow flow;
  private final java.time.InstantSource clock;

  Archives(Platform platform) {
    this.store = platform.store();
    this.flow = platform.flow();
    this.clock = platform.clock();
  }

  Optional<Archive> find(ReadTx tx, Scope scope, String name) {
    return tx.get(TABLE, scope.key(name));
  }

  Archive require(ReadTx tx, Scope scope, String name) {
    return find(tx, scope, name)
        .orElseThrow(
            () -> EventsErrors.resourceNotFoundException("Archive " + name + " does not exist."));
  }

  List<Archive> all(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  void save(Tx tx, Archive archive) {
    tx.put(TABLE, archive.row(), archive);
    if (archive.days() > 0) {
      flow.wake(tx, KIND, archive.row());
    }
  }

  void delete(Tx tx, Archive archive) {
    tx.delete(TABLE, archive.row());
    tx.deletePrefix(EVENTS, prefix(archive));
  }

  /// Part of the transaction that takes an event in. What is replayed is not kept again.
  void keep(Tx tx, Scope scope, String bus, JsonNode event) {
    if (event.has("replay-name")) {
      return;
    }
    for (Archive a : all(tx, scope)) {
      if (a.bus().equals(bus)
          && (a.pattern() == null || EventPattern.parse(a.pattern()).matches(event))) {
        Instant time = Instant.parse(event.path("time").asString());
        String json = event.toString();
        String id = event.path("id").asString();
        tx.put(EVENTS, key(a, time, id), new Kept(time, json));
        tx.put(
            TABLE,
            a.row(),
            a.holding(a.count() + 1, a.bytes() + json.getBytes(StandardCharsets.UTF_8).length));
        Instant expiry = a.expiry(time);
        if (expiry != null) {
          flow.wakeAt(tx, KIND, a.row(), expiry);
        }
      }
    }
  }

  /// Events of a span of time, `end` not included, after the one with this key.
  List<Row<Kept>> events(ReadTx tx, Archive a, String after, Instant start, Instant end, int most) {
    String from = after.isEmpty() ? key(a, start.minusMillis(1), "~") : after;
    return tx.scan(EVENTS, prefix(a), from, most).stream()
        .filter(row -> row.value().time().isBefore(end))
        .toList();
  }

  private static String key(Archive a, Instant time, String id) {
    return Key.of(
        a.scope().account(),
        a.scope().region(),
        a.name(),
        Key.number(Math.max(0, time.toEpochMilli())),
        id);
  }

  private static String prefix(Archive a) {
    return Key.prefix(a.scope().account(), a.scope().region(), a.name());
  }

  @Override
  public String kind() {
    return KIND;
  }

  /// Removes what is too old.
  @Override
  public Outcome reconcile(String key) {
    return store.write(
        tx -> {
          Archive a = tx.get(TABLE, key).orElse(null);
          if (a == null || a.days() == 0) {
            return Outcome.done();
          }
          Instant now = clock.instant();
          long gone = 0;
          long bytes = 0;
          for (Row<Kept> row : tx.scan(EVENTS, prefix(a), "", STEP)) {
            Instant expiry = a.expiry(row.value().time());
            if (expiry == null || expiry.isAfter(now)) {
              flow.wakeAt(tx, KIND, key, expiry == null ? now : expiry);
              break;
            }
            tx.delete(EVENTS, row.key());
            gone++;
            bytes += row.value().json().getBytes(StandardCharsets.UTF_8).length;
          }
          if (gone > 0) {
            tx.put(TABLE, key, a.holding(a.count() - gone, a.bytes() - bytes));
          }
          return gone == STEP ? Outcome.retryAfter(Duration.ZERO) : Outcome.done();
        });
  }
}
