package dev.freeway.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.store.Key;
import dev.freeway.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The rules of the queue, on a clock that stands still and the test's own thread.
class FlowTest {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final Store store = Store.ephemeral();
  final SettableClock clock = new SettableClock(START);
  final List<String> runs = new ArrayList<>();

  @AfterEach
  void close() {
    store.close();
  }

  /// A flow whose reconciler of kind "k" notes the keys that it is given.
  Flow started(Function<String, Outcome> reconcile) {
    var flow = new Flow(store, clock);
    flow.register(
        new Scripted(
            "k",
            key -> {
              runs.add(key);
              return reconcile.apply(key);
            }));
    flow.startManually();
    return flow;
  }

  void at(Flow flow, String key, int seconds) {
    store.update(tx -> flow.wakeAt(tx, "k", key, START.plusSeconds(seconds)));
  }

  @Test
  void runsOnceForManyWakes() {
    var flow = started(_ -> Outcome.done());
    flow.nudge("k", "a");
    flow.nudge("k", "a");
    store.update(
        tx -> {
          flow.wake(tx, "k", "a");
          flow.wake(tx, "k", "b");
        });
    assertEquals(2, flow.tick());
    assertEquals(List.of("a", "b"), runs);
    assertEquals(List.of(), flow.pending());
    assertEquals(0, flow.tick());
  }

  @Test
  void aWakeThatIsRolledBackIsNone() {
    var flow = started(_ -> Outcome.done());
    assertThrows(
        IllegalStateException.class,
        () ->
            store.update(
                tx -> {
                  flow.wake(tx, "k", "a");
                  throw new IllegalStateException();
                }));
    assertEquals(0, flow.tick());
  }

  @Test
  void runsInTheOrderOfDueTimes() {
    var flow = started(_ -> Outcome.done());
    at(flow, "c", 30);
    at(flow, "a", 10);
    at(flow, "b", 20);
    assertEquals(0, flow.tick());
    clock.advance(Duration.ofSeconds(25));
    flow.nudge("k", "now");
    flow.tick();
    assertEquals(List.of("a", "b", "now"), runs);
    clock.advance(Duration.ofSeconds(5));
    flow.tick();
    assertEquals(List.of("a", "b", "now", "c"), runs);
  }

  @Test
  void neitherEarlierNorLaterWakesAreLost() {
    var flow = started(_ -> Outcome.done());
    at(flow, "a", 20);
    at(flow, "a", 10);
    at(flow, "a", 30);
    flow.nudge("k", "a");
    for (int i = 0; i < 4; i++) {
      assertEquals(1, flow.tick());
      clock.advance(Duration.ofSeconds(10));
    }
    assertEquals(0, flow.tick());
    assertEquals(List.of(), flow.pending());
  }

  @Test
  void aWakeDuringARunRunsItAgain() {
    var flows = new ArrayList<Flow>();
    var flow =
        started(
            key -> {
              if (runs.size() == 1) {
                flows.getFirst().nudge("k", key);
                flows.getFirst().nudge("k", key);
              }
              return Outcome.done();
            });
    flows.add(flow);
    flow.nudge("k", "a");
    assertEquals(2, flow.tick());
    assertEquals(List.of(), flow.pending());
  }

  @Test
  void aRolledBackWakeDuringARunDoesNotKeepItGoing() {
    var flows = new ArrayList<Flow>();
    var flow =
        started(
            key -> {
              assertThrows(
                  IllegalStateException.class,
                  () ->
                      store.update(
                          tx -> {
                            flows.getFirst().wake(tx, "k", key);
                            throw new IllegalStateException();
                          }));
              return Outcome.done();
            });
    flows.add(flow);
    flow.nudge("k", "a");
    assertEquals(1, flow.tick());
    assertEquals(List.of(), flow.pending());
  }

  @Test
  void retriesWhenAsked() {
    var flow =
        started(_ -> runs.size() < 3 ? Outcome.retryAfter(Duration.ofSeconds(5)) : Outcome.done());
    flow.nudge("k", "a");
    assertEquals(1, flow.tick());
    clock.advance(Duration.ofSeconds(4));
    assertEquals(0, flow.tick());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(1, flow.tick());
    // Sooner when woken; the retry that was asked for before is then void.
    flow.nudge("k", "a");
    assertEquals(1, flow.tick());
    assertEquals(List.of(), flow.pending());
  }

  @Test
  void failuresAreRetriedEverLaterAndShown() {
    var flow =
        started(
            _ -> {
              if (runs.size() < 4) {
                throw new IllegalStateException("run " + runs.size());
              }
              return Outcome.done();
            });
    flow.nudge("k", Key.of("a", "b"));
    var delays = new ArrayList<Long>();
    while (!flow.pending().isEmpty()) {
      flow.tick();
      for (var pending : flow.pending()) {
        assertEquals(runs.size(), pending.attempts());
        assertEquals(Key.of("a", "b"), pending.key());
        assertTrue(pending.lastError().contains("run " + runs.size()), pending.lastError());
        delays.add(Duration.between(clock.instant(), pending.due()).toMillis());
        clock.set(pending.due());
      }
    }
    assertEquals(List.of(200L, 400L, 800L), delays);
  }

  @Test
  void delaysStopGrowing() {
    assertEquals(Duration.ofMinutes(1), FlowSettings.DEFAULT.delay(10));
    assertEquals(Duration.ofMinutes(1), FlowSettings.DEFAULT.delay(Integer.MAX_VALUE));
  }

  @Test
  void aSuccessForgetsTheFailures() {
    var flow =
        started(
            _ -> {
              if (runs.size() % 2 == 1) {
                throw new IllegalStateException();
              }
              return Outcome.retryAfter(Duration.ofSeconds(1));
            });
    flow.nudge("k", "a");
    flow.tick();
    assertEquals(1, flow.pending().getFirst().attempts());
    clock.advance(Duration.ofSeconds(1));
    flow.tick();
    assertEquals(0, flow.pending().getFirst().attempts());
    assertNull(flow.pending().getFirst().lastError());
  }

  @Test
  void aReconcilerWithoutAnOutcomeHasFailed() {
    var flow = started(_ -> null);
    flow.nudge("k", "a");
    flow.tick();
    assertEquals(1, flow.pending().getFirst().attempts());
  }

  @Test
  void workOfAKindThatNobodyRegisteredStaysAndIsShown() {
    var flow = started(_ -> Outcome.done());
    flow.nudge("other", "a");
    assertEquals(0, flow.tick());
    var pending = flow.pending().getFirst();
    assertEquals("other", pending.kind());
    assertFalse(pending.registered());
  }

  @Test
  void whatWasPendingRunsInTheNextFlow() {
    var first = started(_ -> Outcome.retryAfter(Duration.ofSeconds(10)));
    first.nudge("k", "a");
    first.tick();
    first.nudge("k", "b");
    runs.clear();
    var second = started(_ -> Outcome.done());
    second.tick();
    assertEquals(List.of("b"), runs);
    clock.advance(Duration.ofSeconds(10));
    second.tick();
    assertEquals(List.of("b", "a"), runs);
  }

  @Test
  void wakesBeforeTheStartCount() {
    var flow = new Flow(store, clock);
    flow.nudge("k", "a");
    flow.register(
        new Scripted(
            "k",
            key -> {
              runs.add(key);
              return Outcome.done();
            }));
    flow.startManually();
    assertEquals(1, flow.tick());
  }

  @Test
  void refusesTwoReconcilersForAKindAndLateOnes() {
    var flow = started(_ -> Outcome.done());
    var late = new Scripted("late", _ -> Outcome.done());
    assertThrows(IllegalStateException.class, () -> flow.register(late));
    var other = new Flow(store, clock);
    other.register(late);
    assertThrows(IllegalStateException.class, () -> other.register(late));
  }

  @Test
  void aWakeOfWhatIsDueWritesNothing() {
    var flow = started(_ -> Outcome.done());
    flow.nudge("k", "a");
    var before = store.read(tx -> tx.get(Entry.QUEUE, new Work("k", "a").row())).orElseThrow();
    assertTrue(before == before.wokenAt(clock.instant(), clock.instant()));
    clock.advance(Duration.ofSeconds(1));
    store.update(tx -> flow.wake(tx, "k", "a"));
    assertEquals(
        before, store.read(tx -> tx.get(Entry.QUEUE, new Work("k", "a").row())).orElseThrow());
    assertEquals(1, flow.tick());
  }

  /// The wake finds the row due and the run not ended, and writes nothing; the end of the run,
  /// later in the same commit, must not take the row away.
  @Test
  void aWakeInTheSameCommitAsTheEndOfARunKeepsTheRow() throws Exception {
    var flows = new ArrayList<Flow>();
    var threads = new ArrayList<Thread>();
    var release = new CountDownLatch(1);
    var rowExists = new ArrayList<Boolean>();
    var flow =
        started(
            key -> {
              var row = new Work("k", key).row();
              rowExists.add(store.<Boolean>read(tx -> tx.contains(Entry.QUEUE, row)));
              if (runs.size() == 1) {
                holdTheWriterUntil(release, threads);
                threads.add(waiting(() -> store.update(tx -> flows.getFirst().wake(tx, "k", key))));
                var ticking = Thread.currentThread();
                threads.add(Thread.ofPlatform().start(() -> releaseOnceWaiting(ticking, release)));
              }
              return Outcome.done();
            });
    flows.add(flow);
    flow.nudge("k", "a");
    assertEquals(2, flow.tick());
    assertEquals(List.of(true, true), rowExists);
    for (var thread : threads) {
      thread.join();
    }
  }

  private void holdTheWriterUntil(CountDownLatch release, List<Thread> threads) {
    var holding = new CountDownLatch(1);
    threads.add(
        waiting(
            () ->
                store.update(
                    _ -> {
                      holding.countDown();
                      await(release);
                    })));
    await(holding);
  }

  private static void releaseOnceWaiting(Thread thread, CountDownLatch release) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    release.countDown();
  }

  /// Starts a thread and returns once it waits for the store.
  private static Thread waiting(Runnable action) {
    var thread = Thread.ofPlatform().start(action);
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
