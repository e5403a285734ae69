package dev.freeway.flow;

import dev.freeway.store.Key;

/// Which thing, and who looks after it.
record Work(String kind, String key) {
  Work {
    if (kind.isEmpty() || kind.indexOf(Key.SEPARATOR) >= 0) {
      throw new IllegalArgumentException("not a kind of work: '" + kind + "'");
    }
  }

  String row() {
    return kind + Key.SEPARATOR + key;
  }

  /// The key may be a composite one.
  static Work ofRow(String row) {
    int end = row.indexOf(Key.SEPARATOR);
    return new Work(row.substring(0, end), row.substring(end + 1));
  }

  @Override
  public String toString() {
    return kind + " " + key.replace(Key.SEPARATOR, '/');
  }
}
