package dev.freeway.store;

/// Reads and writes of one atomic change. It sees its own writes. Only valid inside the work it was
/// given to, on that thread.
public interface Tx extends ReadTx {

  <V> void put(Table<V> table, String key, V value);

  /// Returns false, and changes nothing, if the key is taken.
  <V> boolean insertIfAbsent(Table<V> table, String key, V value);

  /// Returns whether there was such a row.
  boolean delete(Table<?> table, String key);

  /// Deletes all rows whose key starts with `prefix`; an empty prefix empties the table. Returns
  /// their number.
  long deletePrefix(Table<?> table, String prefix);

  /// The next number of a sequence: 1, 2, 3… A number of a committed transaction is never given
  /// again, also after a crash.
  long next(String sequence);

  /// Runs `hook` once the transaction is on disk, before [Store#write] returns, on the writer's
  /// thread: it must be as short as the transaction and must not call the store. Hooks do not run
  /// when the transaction fails, and are lost in a crash.
  void afterCommit(Runnable hook);

  /// Runs `hook` when it is certain that the transaction did not happen, in the same way: to take
  /// back what its work did in memory.
  void afterRollback(Runnable hook);
}
