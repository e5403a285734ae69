package dev.freeway.flow;

import dev.freeway.store.Key;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Events that are stored with the change that they tell of, in one transaction, and delivered to
/// every subscriber: at least once, in order, each subscriber at its own pace.
///
/// An event is kept until all subscribers that want it have it; one that nobody wants is not
/// stored. A new subscriber starts with the events after its first [#subscribe].
///
/// ```java
/// var log = new EventLog<>("platform", Event.class, store, flow);
/// log.subscribe(new RuleMatcher());
/// flow.start();
/// store.update(tx -> {
///   tx.put(BUILDS, key, finished);
///   log.append(tx, "aws.codebuild", new Event(…));
/// });
/// ```
public final class EventLog<E> {
  private static final int BATCH = 100;

  private final String name;
  private final Table<E> events;
  private final Table<Cursor> cursors;
  private final Store store;
  private final Flow flow;
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

  /// The number of the last event that a subscriber is done with.
  record Cursor(long number) {}

  /// @param name lower case letters, digits and `_`; kept in the store
  public EventLog(String name, Class<E> type, Store store, Flow flow) {
    this.name = name;
    this.events = new Table<>("flow_log_" + name, type);
    this.cursors = new Table<>("flow_log_" + name + "_cursor", Cursor.class);
    this.store = store;
    this.flow = flow;
  }

  /// Before the flow's start.
  public void subscribe(Subscriber<E> subscriber) {
    var delivery = new Delivery(subscriber);
    flow.register(delivery);
    store.update(
        tx -> {
          if (!tx.contains(cursors, subscriber.name())) {
            tx.put(cursors, subscriber.name(), new Cursor(tx.next(sequence())));
          }
        });
    deliveries.add(delivery);
  }

  /// Stores the event with `tx`, and delivers it once that is committed.
  public void append(Tx tx, String topic, E event) {
    var wanting = deliveries.stream().filter(it -> it.subscriber.wants(topic)).toList();
    if (wanting.isEmpty()) {
      return;
    }
    // The topic is part of the key so that events need no wrapper.
    tx.put(events, Key.of(Key.number(tx.next(sequence())), topic), event);
    for (var delivery : wanting) {
      flow.wake(tx, delivery.kind(), "");
    }
  }

  private String sequence() {
    return "flow_log_" + name;
  }

  private static long number(Row<?> row) {
    return Long.parseLong(Key.parts(row.key())[0]);
  }

  private final class Delivery implements Reconciler {
    private final Subscriber<E> subscriber;

    Delivery(Subscriber<E> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public String kind() {
      return "flow.log." + name + "." + subscriber.name();
    }

    @Override
    public Outcome reconcile(String key) throws Exception {
      while (true) {
        var from = store.read(tx -> tx.get(cursors, subscriber.name())).orElseThrow().number();
        var batch = store.read(tx -> tx.scan(events, "", startAfter(from), BATCH));
        if (batch.isEmpty()) {
          return Outcome.done();
        }
        deliver(from, batch);
      }
    }

    private void deliver(long from, List<Row<E>> batch) throws Exception {
      long done = from;
      try {
        for (var row : batch) {
          var topic = Key.parts(row.key())[1];
          if (subscriber.wants(topic)) {
            subscriber.deliver(number(row), topic, row.value());
          }
          done = number(row);
        }
      } finally {
        if (done > from) {
          advance(from, done);
        }
      }
    }

    private void advance(long from, long to) {
      store.update(
          tx -> {
            long others = othersNeedAfter(tx);
            tx.put(cursors, subscriber.name(), new Cursor(to));
            if (from <= others) {
              trim(tx, Math.min(to, others));
            }
          });
    }

    /// All events up to this number are of no use to the other subscribers.
    private long othersNeedAfter(Tx tx) {
      return deliveries.stream()
          .filter(it -> it != this && flow.isPending(tx, it.kind(), ""))
          .mapToLong(it -> tx.get(cursors, it.subscriber.name()).orElseThrow().number())
          .min()
          .orElse(Long.MAX_VALUE);
    }

    private void trim(Tx tx, long last) {
      List<Row<E>> rows;
      do {
        rows = tx.scan(events, "", "", BATCH).stream().filter(it -> number(it) <= last).toList();
        rows.forEach(row -> tx.delete(events, row.key()));
      } while (rows.size() == BATCH);
    }
  }

  /// Sorts after all keys of that number, and before those of the next.
  private static String startAfter(long number) {
    return Key.number(number) + (char) (Key.SEPARATOR + 1);
  }
}
