package dev.freeway.store;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Durable, typed, ordered key-value tables with transactions.
///
/// ```java
/// static final Table<Queue> QUEUES = new Table<>("sqs_queues", Queue.class);
///
/// store.write(tx -> {
///   if (!tx.insertIfAbsent(QUEUES, Key.of(account, region, name), queue)) throw new QueueExists(name);
///   tx.afterCommit(() -> listeners.wake(name));
///   return queue;
/// });
/// ```
///
/// The work given to [#read] and [#write] must be short and must not block: a read holds one of a
/// few connections (and, inside the driver, its carrier thread), and all writes of the process run
/// one after the other on one thread. No network, no waiting, no large computation. It must not
/// call the store again (use the transaction it was given); that is refused with an
/// [IllegalStateException].
public interface Store extends AutoCloseable {

  /// Runs `work` on one consistent snapshot that holds every write acknowledged before the call.
  <R extends @Nullable Object> R read(Function<ReadTx, R> work);

  /// Runs `work` atomically, serialised with all other writes, and returns once its changes are on
  /// disk. Whatever `work` throws undoes its changes alone and is thrown here, with the caller's
  /// stack as a suppressed exception. `work` may be run on another thread.
  ///
  /// @throws StoreException.CommitFailed the disk refused: the changes are not acknowledged
  /// @throws StoreException.Closed the store has been closed
  <R extends @Nullable Object> R write(Function<Tx, R> work);

  /// [#write] for work without a result.
  default void update(Consumer<Tx> work) {
    write(
        tx -> {
          work.accept(tx);
          return true;
        });
  }

  /// Finishes the writes that were accepted, then releases the directory.
  @Override
  void close();

  /// Opens, or creates, the store in `directory`.
  ///
  /// @throws StoreException.InUse another process has it open
  /// @throws StoreException.Newer it was written by a later version of the program
  static Store open(Path directory, List<Migration> migrations) {
    return SqlStore.open(SqliteDialect.durable(directory), migrations);
  }

  static Store open(Path directory) {
    return open(directory, List.of());
  }

  /// A store for tests: the same engine on a temporary directory that is deleted by [#close],
  /// without waiting for the disk.
  static Store ephemeral() {
    return SqlStore.open(SqliteDialect.ephemeral(), List.of());
  }
}
