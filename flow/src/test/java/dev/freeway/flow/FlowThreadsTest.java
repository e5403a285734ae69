package dev.freeway.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The flow with its own threads.
@Timeout(60)
class FlowThreadsTest {
  final Store store = Store.ephemeral();
  final SettableClock clock = new SettableClock(FlowTest.START);

  @AfterEach
  void close() {
    store.close();
  }

  static Flow started(Store store, FlowClock clock, int concurrency, Scripted.Script script) {
    var settings = new FlowSettings(concurrency, Duration.ofMillis(1), Duration.ofMillis(10));
    var flow = new Flow(store, clock, settings);
    flow.register(new Scripted("k", script));
    flow.start();
    return flow;
  }

  @Test
  void timersRunWhenTheClockIsSet() throws Exception {
    var runs = new LinkedBlockingQueue<String>();
    try (var flow =
        started(
            store,
            clock,
            4,
            key -> {
              runs.add(key);
              return Outcome.done();
            })) {
      store.update(tx -> flow.wakeAt(tx, "k", "late", FlowTest.START.plusSeconds(60)));
      store.update(tx -> flow.wakeAt(tx, "k", "soon", FlowTest.START.plusSeconds(30)));
      clock.advance(Duration.ofSeconds(30));
      assertEquals("soon", runs.take());
      flow.nudge("k", "now");
      assertEquals("now", runs.take());
      assertTrue(runs.isEmpty());
      clock.advance(Duration.ofSeconds(30));
      assertEquals("late", runs.take());
    }
  }

  @Test
  void timersRunInRealTimeOnAFastClock() throws Exception {
    var done = new CountDownLatch(1);
    var fast = FlowClock.scaled(store, 10_000);
    try (var flow =
        started(
            store,
            fast,
            4,
            _ -> {
              done.countDown();
              return Outcome.done();
            })) {
      var due = fast.instant().plus(Duration.ofMinutes(10));
      var before = System.nanoTime();
      store.update(tx -> flow.wakeAt(tx, "k", "a", due));
      done.await();
      assertFalse(fast.instant().isBefore(due));
      assertTrue(System.nanoTime() - before >= 40_000_000);
    }
  }

  @Test
  void slowWorkDoesNotHoldUpOthers() throws Exception {
    var release = new CountDownLatch(1);
    var quick = new CountDownLatch(10);
    try (var flow =
        started(
            store,
            clock,
            64,
            key -> {
              if (key.startsWith("slow")) {
                release.await();
              } else {
                quick.countDown();
              }
              return Outcome.done();
            })) {
      for (int i = 0; i < 10; i++) {
        flow.nudge("k", "slow" + i);
        flow.nudge("k", "quick" + i);
      }
      quick.await();
      assertEquals(
          10,
          flow.pending().stream()
              .filter(it -> it.running() && it.key().startsWith("slow"))
              .count());
      release.countDown();
    }
  }

  @Test
  void neverRunsMoreAtATimeThanAllowed() throws Exception {
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var gate = new Semaphore(0);
    var done = new CountDownLatch(50);
    try (var flow =
        started(
            store,
            clock,
            3,
            _ -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              gate.acquire();
              now.decrementAndGet();
              done.countDown();
              return Outcome.done();
            })) {
      for (int i = 0; i < 50; i++) {
        flow.nudge("k", "a" + i);
      }
      gate.release(50);
      done.await();
      assertEquals(3, most.get());
    }
  }

  @Test
  void closingInterruptsAndKeepsWhatDidNotEnd() throws Exception {
    var running = new CountDownLatch(1);
    var flow =
        started(
            store,
            clock,
            3,
            _ -> {
              running.countDown();
              new CountDownLatch(1).await();
              return Outcome.done();
            });
    flow.nudge("k", "a");
    running.await();
    flow.close();
    var left = new Flow(store, clock).pending();
    assertEquals(1, left.size());
    assertEquals(0, left.getFirst().attempts());
  }

  /// Counts how often anyone looks at it.
  record CountedClock(FlowClock clock, AtomicInteger looks) implements FlowClock {
    @Override
    public Instant instant() {
      looks.incrementAndGet();
      return clock.instant();
    }

    @Override
    public Duration realTime(Duration duration) {
      return clock.realTime(duration);
    }

    @Override
    public void await(Instant due, Alarm alarm) throws InterruptedException {
      looks.incrementAndGet();
      clock.await(due, alarm);
    }
  }

  @Test
  void doesNothingWhileNothingIsDue() throws Exception {
    var counted = new CountedClock(FlowClock.system(), new AtomicInteger());
    var done = new CountDownLatch(1);
    try (var flow =
        started(
            store,
            counted,
            3,
            _ -> {
              done.countDown();
              return Outcome.done();
            })) {
      store.update(tx -> flow.wakeAt(tx, "k", "a", counted.instant().plusMillis(300)));
      store.update(tx -> flow.wakeAt(tx, "k", "never", counted.instant().plusSeconds(3600)));
      done.await();
      assertTrue(counted.looks.get() < 50, "looked " + counted.looks.get() + " times");
    }
  }

  record Count(int value) {}

  static final Table<Count> WANTED = new Table<>("wanted", Count.class);

  /// Each write raises a number and wakes; the reconciler copies what it sees. If any wake were
  /// lost the copy would stay behind.
  @Test
  void noWakeIsLostUnderLoad() throws Exception {
    var copies = new ConcurrentHashMap<String, Integer>();
    Set<String> failed = ConcurrentHashMap.newKeySet();
    Set<String> active = ConcurrentHashMap.newKeySet();
    var overlaps = new AtomicInteger();
    var flow =
        started(
            store,
            FlowClock.system(),
            8,
            key -> {
              if (!active.add(key)) {
                overlaps.incrementAndGet();
              }
              var seen = store.read(tx -> tx.get(WANTED, key)).orElseThrow().value();
              copies.put(key, seen);
              active.remove(key);
              if (seen % 11 == 7 && failed.add(key)) {
                throw new IllegalStateException("once");
              }
              return Outcome.done();
            });
    try (flow;
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 16; t++) {
        var random = new Random(t);
        threads.submit(
            () -> {
              for (int i = 0; i < 300; i++) {
                write(flow, "key" + random.nextInt(400), random.nextInt(4) == 0);
              }
              return null;
            });
      }
      threads.shutdown();
      assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
      while (!flow.pending().isEmpty()) {
        Thread.onSpinWait();
      }
    }
    var wanted = new HashMap<String, Integer>();
    store
        .read(tx -> tx.scan(WANTED, ""))
        .forEach(row -> wanted.put(row.key(), row.value().value()));
    assertEquals(wanted, copies);
    assertEquals(0, overlaps.get());
  }

  private void write(Flow flow, String key, boolean rollBack) {
    try {
      store.update(
          tx -> {
            tx.put(WANTED, key, new Count(tx.get(WANTED, key).map(Count::value).orElse(0) + 1));
            flow.wake(tx, "k", key);
            if (rollBack) {
              throw new IllegalArgumentException();
            }
          });
    } catch (IllegalArgumentException expected) {
      assertTrue(rollBack);
    }
  }
}
