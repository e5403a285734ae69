package dev.freeway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What happens when the database itself refuses.
class CommitFailureTest {
  record Note(String text) {}

  static final Table<Note> NOTES = new Table<>("notes", Note.class);

  /// A commit fails as long as this table has a row: its value is a foreign key to nothing, which
  /// SQLite checks when it commits.
  static final Table<Note> POISON = new Table<>("poison", Note.class);

  final Store store = SqlStore.open(new Failing(SqliteDialect.ephemeral()), List.of());

  @AfterEach
  void close() {
    store.close();
  }

  private record Failing(Dialect dialect) implements Dialect {
    @Override
    public Connection connectWriter() throws SQLException {
      var connection = dialect.connectWriter();
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA foreign_keys = 1");
        // About 400 kB: to be full soon.
        statement.execute("PRAGMA max_page_count = 100");
      }
      return connection;
    }

    @Override
    public Connection connectReader() throws SQLException {
      return dialect.connectReader();
    }

    @Override
    public String beginWrite() {
      return dialect.beginWrite();
    }

    @Override
    public String beginRead() {
      return dialect.beginRead();
    }

    @Override
    public String createTable(String name) {
      return name.equals(POISON.name())
          ? "CREATE TABLE poison (key TEXT PRIMARY KEY,"
              + " value BLOB REFERENCES _migration (number) DEFERRABLE INITIALLY DEFERRED)"
          : dialect.createTable(name);
    }

    @Override
    public String findTable() {
      return dialect.findTable();
    }

    @Override
    public void close() {
      dialect.close();
    }
  }

  long count() {
    return store.read(tx -> tx.count(NOTES, ""));
  }

  @Test
  void aFailedCommitFailsAllOfItsCallersAndNoOthers() throws Exception {
    store.update(tx -> tx.put(NOTES, "before", new Note("")));
    var hooks = new ArrayList<String>();
    var results = new ArrayList<Future<?>>();
    var holding = new CountDownLatch(1);
    var queued = new CountDownLatch(1);
    try (var threads = Executors.newCachedThreadPool()) {
      // All in one batch: these wait while the first holds the writer.
      threads.submit(() -> hold(holding, queued));
      holding.await();
      var callers = new ArrayList<Thread>();
      for (int i = 0; i < 4; i++) {
        int n = i;
        var task =
            new java.util.concurrent.FutureTask<>(
                () -> {
                  write(n, hooks);
                  return n;
                });
        results.add(task);
        var thread = Thread.ofPlatform().start(task);
        callers.add(thread);
        while (thread.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
      queued.countDown();
      for (var caller : callers) {
        caller.join();
      }
    }
    for (var result : results) {
      assertEquals(StoreException.CommitFailed.class, result.exceptionNow().getClass());
    }
    assertNotSame(results.get(0).exceptionNow(), results.get(1).exceptionNow());
    assertEquals(List.of("undone 0", "undone 1", "undone 2", "undone 3"), hooks);
    assertEquals(1, count());
    store.update(tx -> tx.put(NOTES, "after", new Note("")));
    assertEquals(2, count());
  }

  private void write(int n, List<String> hooks) {
    store.update(
        tx -> {
          tx.put(NOTES, "k" + n, new Note(""));
          if (n == 2) {
            tx.put(POISON, "p", new Note("refers to nothing"));
          }
          tx.afterCommit(() -> hooks.add("committed " + n));
          tx.afterRollback(() -> hooks.add("undone " + n));
        });
  }

  private void hold(CountDownLatch holding, CountDownLatch release) {
    store.update(
        _ -> {
          holding.countDown();
          StoreContract.await(release);
        });
  }

  @Test
  void aFullDiskFailsTheWriteAndKeepsWhatWasThere() {
    store.update(tx -> tx.put(NOTES, "before", new Note("x")));
    var big = new Note("x".repeat(1_000_000));
    var e = assertThrows(StoreException.class, () -> store.update(tx -> tx.put(NOTES, "big", big)));
    assertTrue(e.getMessage().contains("full"), e.getMessage());
    assertEquals(1, count());
    store.update(tx -> tx.put(NOTES, "after", new Note("x")));
    assertEquals(2, count());
  }

  @Test
  void workThatHidesAFailureFailsAllTheSame() {
    var big = new Note("x".repeat(1_000_000));
    assertThrows(
        StoreException.class,
        () ->
            store.update(
                tx -> {
                  tx.put(NOTES, "a", new Note("x"));
                  assertThrows(StoreException.class, () -> tx.put(NOTES, "big", big));
                }));
    assertEquals(0, count());
  }
}
