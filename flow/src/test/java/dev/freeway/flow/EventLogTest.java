package dev.freeway.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLogTest {
  record Event(String text) {}

  final Store store = Store.ephemeral();
  final SettableClock clock = new SettableClock(FlowTest.START);

  @AfterEach
  void close() {
    store.close();
  }

  static final class Recorder implements Subscriber<Event> {
    final List<String> received = new ArrayList<>();
    private final String name;
    private final Predicate<String> topics;
    String failsOn = "";

    Recorder(String name, Predicate<String> topics) {
      this.name = name;
      this.topics = topics;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean wants(String topic) {
      return topics.test(topic);
    }

    @Override
    public void deliver(long number, String topic, Event event) {
      if (event.text().equals(failsOn)) {
        throw new IllegalStateException("fails on " + event.text());
      }
      received.add(topic + " " + event.text());
    }
  }

  record Setup(Flow flow, EventLog<Event> log) {}

  Setup started(Recorder... recorders) {
    var flow = new Flow(store, clock);
    var log = new EventLog<>("test", Event.class, store, flow);
    for (var recorder : recorders) {
      log.subscribe(recorder);
    }
    flow.startManually();
    return new Setup(flow, log);
  }

  void append(Setup setup, String topic, String text) {
    store.update(tx -> setup.log.append(tx, topic, new Event(text)));
  }

  boolean isEmpty() {
    var events = new Table<>("flow_log_test", Event.class);
    return store.<Boolean>read(tx -> tx.scan(events, "").isEmpty());
  }

  @Test
  void deliversInOrderToAllThatWantIt() {
    var all = new Recorder("all", _ -> true);
    var some = new Recorder("some", "b"::equals);
    var setup = started(all, some);
    append(setup, "a", "1");
    append(setup, "b", "2");
    append(setup, "a", "3");
    setup.flow.tick();
    assertEquals(List.of("a 1", "b 2", "a 3"), all.received);
    assertEquals(List.of("b 2"), some.received);
    append(setup, "b", "4");
    setup.flow.tick();
    assertEquals(List.of("b 2", "b 4"), some.received);
  }

  @Test
  void aFailingSubscriberIsRetriedInOrderAndHoldsUpNobody() {
    var good = new Recorder("good", _ -> true);
    var bad = new Recorder("bad", _ -> true);
    bad.failsOn = "2";
    var setup = started(good, bad);
    for (int i = 1; i <= 3; i++) {
      append(setup, "t", "" + i);
    }
    setup.flow.tick();
    assertEquals(List.of("t 1", "t 2", "t 3"), good.received);
    assertEquals(List.of("t 1"), bad.received);
    assertFalse(isEmpty());
    bad.failsOn = "";
    clock.advance(Duration.ofMinutes(1));
    setup.flow.tick();
    assertEquals(List.of("t 1", "t 2", "t 3"), bad.received);
  }

  @Test
  void keepsEventsOnlyUntilAllHaveThem() {
    var all = new Recorder("all", _ -> true);
    var none = new Recorder("none", "rare"::equals);
    var setup = started(all, none);
    for (int i = 0; i < 250; i++) {
      append(setup, "t", "" + i);
    }
    append(setup, "rare", "x");
    setup.flow.tick();
    assertEquals(251, all.received.size());
    assertEquals(List.of("rare x"), none.received);
    assertEquals(true, isEmpty());
  }

  @Test
  void goesOnWhereItWasAfterARestart() {
    var before = new Recorder("s", _ -> true);
    var setup = started(before);
    append(setup, "t", "1");
    setup.flow.tick();
    append(setup, "t", "2");
    var after = new Recorder("s", _ -> true);
    var late = new Recorder("late", _ -> true);
    var again = started(after, late);
    append(again, "t", "3");
    again.flow.tick();
    assertEquals(List.of("t 1"), before.received);
    assertEquals(List.of("t 2", "t 3"), after.received);
    assertEquals(List.of("t 3"), late.received);
  }

  @Test
  void anEventThatNobodyWantsIsNotStored() {
    var setup = started(new Recorder("s", "a"::equals));
    append(setup, "b", "1");
    assertEquals(true, isEmpty());
    assertEquals(0, setup.flow.tick());
  }
}
