package dev.freeway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every store does. An implementation's test extends this and says how to open one.
abstract class StoreContract extends StoreFixture {
  @Test
  void keepsWhatWasWrittenAcrossReopening() {
    put("a", "one");
    reopen(List.of());
    assertEquals(Optional.of("one"), text("a"));
  }

  @Test
  void aTableNeverWrittenToIsEmpty() {
    assertEquals(Optional.empty(), text("a"));
    assertEquals(List.of(), keys(""));
    assertEquals(0, counted(tx -> tx.count(NOTES, "")));
    assertFalse(changed(tx -> tx.delete(NOTES, "a")));
    assertEquals(0, number(tx -> tx.deletePrefix(NOTES, "")));
  }

  @Test
  void putReplaces() {
    put("a", "one");
    put("a", "two");
    assertEquals(Optional.of("two"), text("a"));
  }

  @Test
  void insertIfAbsentKeepsTheFirst() {
    assertTrue(changed(tx -> tx.insertIfAbsent(NOTES, "a", new Note("one"))));
    assertFalse(changed(tx -> tx.insertIfAbsent(NOTES, "a", new Note("two"))));
    assertEquals(Optional.of("one"), text("a"));
  }

  @Test
  void deleteTellsWhetherThereWasOne() {
    put("a", "one");
    assertTrue(changed(tx -> tx.delete(NOTES, "a")));
    assertFalse(changed(tx -> tx.delete(NOTES, "a")));
    assertEquals(Optional.empty(), text("a"));
  }

  @Test
  void deletePrefixLeavesTheNeighbours() {
    for (var key : List.of("a", "b", "b\u0001x", "ba", "c")) {
      put(key, "");
    }
    assertEquals(3, number(tx -> tx.deletePrefix(NOTES, "b")));
    assertEquals(List.of("a", "c"), keys(""));
    assertEquals(2, number(tx -> tx.deletePrefix(NOTES, "")));
    assertEquals(List.of(), keys(""));
  }

  @Test
  void scansByPrefixInCodePointOrder() {
    // By UTF-16 units, as String compares, U+1F600 would come before U+FFFD.
    var ordered =
        List.of(
            "", "a", "a\u0001b", "a b", "ab", "b", "\u00e9", "\uD7FF", "\uFFFD", "\uD83D\uDE00");
    for (var key : ordered.reversed()) {
      put(key, "");
    }
    assertEquals(ordered, keys(""));
    assertEquals(List.of("a", "a\u0001b", "a b", "ab"), keys("a"));
    assertEquals(List.of("a\u0001b"), keys(Key.prefix("a")));
    assertEquals(List.of("\uD7FF"), keys("\uD7FF"));
    assertEquals(4, counted(tx -> tx.count(NOTES, "a")));
  }

  @Test
  void aPrefixAtTheEndOfUnicodeIsFound() {
    var last = Character.toString(Character.MAX_CODE_POINT);
    put(last, "");
    put(last + "x", "");
    put("a" + last + "x", "");
    assertEquals(List.of(last, last + "x"), keys(last));
    assertEquals(List.of("a" + last + "x"), keys("a" + last));
  }

  @Test
  void pagesForwardAndBackward() {
    for (var key : List.of("a", "b1", "b2", "b3", "c")) {
      put(key, "");
    }
    assertEquals(List.of("b1", "b2"), page("b", "", 2));
    assertEquals(List.of("b3"), page("b", "b2", 2));
    assertEquals(List.of("b1"), page("b", "a", 1));
    assertEquals(List.of(), page("b", "c", 1));
    assertEquals(List.of(), page("b", "", 0));
    assertEquals(List.of("c"), page("", "b3", 5));
    assertEquals(List.of("b3", "b2"), pageBackward("b", "", 2));
    assertEquals(List.of("b1"), pageBackward("b", "b2", 2));
    assertEquals(List.of("b3"), pageBackward("b", "d", 1));
    assertEquals(List.of(), pageBackward("b", "a", 1));
    assertEquals(List.of("c", "b3"), pageBackward("", "", 2));
  }

  private List<String> page(String prefix, String after, int limit) {
    return store.read(tx -> tx.scan(NOTES, prefix, after, limit)).stream().map(Row::key).toList();
  }

  private List<String> pageBackward(String prefix, String before, int limit) {
    return store.read(tx -> tx.scanBackward(NOTES, prefix, before, limit)).stream()
        .map(Row::key)
        .toList();
  }

  @Test
  void aTransactionSeesItsOwnWritesAndOthersDoNotUntilItEnds() throws Exception {
    var written = new CountDownLatch(1);
    var seen = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var write =
          threads.submit(
              () ->
                  store.write(
                      tx -> {
                        tx.put(NOTES, "a", new Note("one"));
                        written.countDown();
                        await(seen);
                        return tx.get(NOTES, "a").orElseThrow().text();
                      }));
      written.await();
      assertEquals(Optional.empty(), text("a"));
      seen.countDown();
      assertEquals("one", write.get());
      assertEquals(Optional.of("one"), text("a"));
    }
  }

  @Test
  void aReadSeesOneSnapshotWhileOthersWrite() throws Exception {
    put("a", "one");
    var other = new Table<>("other", Note.class);
    var reading = new CountDownLatch(1);
    var changed = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Boolean>> read =
          threads.submit(
              () ->
                  store.read(
                      tx -> {
                        var before = tx.contains(NOTES, "a");
                        reading.countDown();
                        await(changed);
                        return List.of(
                            before,
                            tx.contains(NOTES, "a"),
                            tx.contains(NOTES, "b"),
                            tx.contains(other, "b"));
                      }));
      reading.await();
      store.write(
          tx -> {
            tx.put(NOTES, "b", new Note("two"));
            tx.put(other, "b", new Note("a new table"));
            return tx.delete(NOTES, "a");
          });
      changed.countDown();
      assertEquals(List.of(true, true, false, false), read.get());
    }
  }

  @Test
  void anExceptionUndoesTheWorkAndIsThrownToItsCaller() {
    put("a", "one");
    var problem = new IllegalArgumentException("no");
    var thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                store.write(
                    tx -> {
                      tx.put(NOTES, "a", new Note("two"));
                      tx.put(new Table<>("other", Note.class), "a", new Note("x"));
                      tx.next("number");
                      throw problem;
                    }));
    assertSame(problem, thrown);
    var stack = List.of(thrown.getSuppressed()[0].getStackTrace()).toString();
    assertTrue(stack.contains("anExceptionUndoesTheWork"), stack);
    assertEquals(Optional.of("one"), text("a"));
    assertEquals(1, number(tx -> tx.next("number")));
  }

  @Test
  void aFailureInAGroupLeavesTheOthersOfTheGroup() throws Exception {
    var table = new Table<>("made_in_the_group", Note.class);
    var results = new ArrayList<Future<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var release = holdTheWriter(threads);
      for (int i = 0; i < 20; i++) {
        int n = i;
        results.add(
            threads.submit(
                () ->
                    store.write(
                        tx -> {
                          tx.put(table, "k" + n, new Note("n" + n));
                          if (n % 3 == 0) {
                            throw new IllegalStateException("n" + n);
                          }
                          return "n" + n;
                        })));
      }
      release.countDown();
    }
    for (int i = 0; i < 20; i++) {
      var result = results.get(i);
      assertEquals(i % 3 == 0, result.state() == Future.State.FAILED);
      if (i % 3 == 0) {
        assertEquals("n" + i, result.exceptionNow().getMessage());
      } else {
        assertEquals("n" + i, result.resultNow());
      }
      int n = i;
      assertEquals(i % 3 != 0, store.<Boolean>read(tx -> tx.contains(table, "k" + n)));
    }
  }

  /// Keeps the writer busy until the latch is released, so that what follows is one group.
  CountDownLatch holdTheWriter(java.util.concurrent.ExecutorService threads) throws Exception {
    var release = new CountDownLatch(1);
    var holding = new CountDownLatch(1);
    threads.submit(
        () ->
            store.write(
                _ -> {
                  holding.countDown();
                  await(release);
                  return null;
                }));
    holding.await();
    return release;
  }

  @Test
  void numbersAreNeverGivenTwice() {
    assertEquals(1, number(tx -> tx.next("builds")));
    assertEquals(2, number(tx -> tx.next("builds")));
    assertEquals(1, number(tx -> tx.next("other")));
    reopen(List.of());
    assertEquals(3, number(tx -> tx.next("builds")));
  }

  @Test
  void hooksRunAfterTheCommitAndOnlyThen() throws Exception {
    var seen = new ArrayList<String>();
    store.write(
        tx -> {
          tx.afterCommit(() -> seen.add("hook"));
          tx.afterRollback(() -> seen.add("wrong"));
          seen.add("work");
          return null;
        });
    assertEquals(List.of("work", "hook"), seen);
    assertThrows(
        IllegalStateException.class,
        () ->
            store.write(
                tx -> {
                  tx.afterCommit(() -> seen.add("wrong"));
                  tx.afterRollback(() -> seen.add("undone"));
                  throw new IllegalStateException();
                }));
    assertEquals(List.of("work", "hook", "undone"), seen);
  }

  @Test
  void aFailingHookDoesNotTakeBackTheWrite() {
    store.write(
        tx -> {
          tx.put(NOTES, "a", new Note("one"));
          tx.afterCommit(
              () -> {
                throw new IllegalStateException("expected in this test");
              });
          return null;
        });
    assertEquals(Optional.of("one"), text("a"));
    put("b", "two");
  }

  @Test
  void refusesToBeCalledFromInsideItself() {
    assertThrows(IllegalStateException.class, () -> store.write(_ -> store.write(_ -> 1)));
    assertThrows(IllegalStateException.class, () -> store.write(_ -> store.read(_ -> 1)));
    assertThrows(IllegalStateException.class, () -> store.read(_ -> store.read(_ -> 1)));
    assertThrows(IllegalStateException.class, () -> store.read(_ -> store.write(_ -> 1)));
    put("a", "still works");
  }

  @Test
  void refusesATransactionThatIsOver() {
    var read = store.read(tx -> tx);
    assertThrows(IllegalStateException.class, () -> read.get(NOTES, "a"));
    var write = store.write(tx -> tx);
    assertThrows(IllegalStateException.class, () -> write.put(NOTES, "a", new Note("x")));
    assertEquals(Optional.empty(), text("a"));
  }

  @Test
  void refusesWorkOnceClosed() {
    store.close();
    assertThrows(StoreException.Closed.class, () -> put("a", "x"));
    assertThrows(StoreException.Closed.class, () -> text("a"));
    store.close();
  }

  @Test
  void anInterruptedCallerStillLearnsTheOutcome() {
    Thread.currentThread().interrupt();
    put("a", "one");
    assertTrue(Thread.interrupted());
    assertEquals(Optional.of("one"), text("a"));
  }

  @Test
  void manyWritersLoseNothing() throws Exception {
    record Count(int value) {}
    var counts = new Table<>("counts", Count.class);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 32; i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int j = 0; j < 20; j++) {
                    store.write(
                        tx -> {
                          var now = tx.get(counts, "c").map(Count::value).orElse(0);
                          tx.put(counts, "c", new Count(now + 1));
                          return null;
                        });
                  }
                }));
      }
      for (var one : all) {
        one.get();
      }
    }
    assertEquals(640, store.read(tx -> tx.get(counts, "c")).orElseThrow().value());
  }
}
