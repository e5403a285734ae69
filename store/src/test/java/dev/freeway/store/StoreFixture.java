package dev.freeway.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A store to test, and short ways to use it. A subclass says how to open one.
abstract class StoreFixture {
  record Note(String text) {}

  static final Table<Note> NOTES = new Table<>("notes", Note.class);

  Store store;

  /// Opens the same data again on a second call.
  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void openStore() {
    store = open(List.of());
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  void reopen(List<Migration> migrations) {
    store.close();
    store = open(migrations);
  }

  void put(String key, String text) {
    store.update(tx -> tx.put(NOTES, key, new Note(text)));
  }

  Optional<String> text(String key) {
    return store.read(tx -> tx.get(NOTES, key)).map(Note::text);
  }

  List<String> keys(String prefix) {
    return store.read(tx -> tx.scan(NOTES, prefix)).stream().map(Row::key).toList();
  }

  boolean changed(Function<Tx, Boolean> work) {
    return store.write(work);
  }

  long number(Function<Tx, Long> work) {
    return store.write(work);
  }

  long counted(Function<ReadTx, Long> work) {
    return store.read(work);
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
