package dev.freeway.store;

import java.util.List;
import java.util.Optional;

/// Reads on one snapshot. Only valid inside the work it was given to.
///
/// Keys are ordered by Unicode code point (the order of their UTF-8 bytes). An empty prefix means
/// the whole table. A table that was never written to is empty.
public interface ReadTx {

  <V> Optional<V> get(Table<V> table, String key);

  /// All rows whose key starts with `prefix`, in key order, in memory: page through large tables.
  default <V> List<Row<V>> scan(Table<V> table, String prefix) {
    return scan(table, prefix, "", Integer.MAX_VALUE);
  }

  /// At most `limit` rows whose key starts with `prefix` and is greater than `startAfterKey`, in
  /// key order. An empty `startAfterKey` starts at the beginning.
  <V> List<Row<V>> scan(Table<V> table, String prefix, String startAfterKey, int limit);

  /// At most `limit` rows whose key starts with `prefix` and is less than `startBeforeKey`, last
  /// key first. An empty `startBeforeKey` starts at the end.
  <V> List<Row<V>> scanBackward(Table<V> table, String prefix, String startBeforeKey, int limit);

  /// The number of rows whose key starts with `prefix`; takes time linear in it.
  long count(Table<?> table, String prefix);

  default boolean contains(Table<?> table, String key) {
    return get(table, key).isPresent();
  }
}
