package dev.freeway.store;

/// The statements on one table, made once: they are also the keys of the statement caches.
final class TableSql {
  final String get;
  final String put;
  final String insert;
  final String delete;
  private final String table;
  private final String[] count = new String[4];
  private final String[] deleteRange = new String[4];
  private final String[] scan = new String[4];
  private final String[] scanBackward = new String[4];

  TableSql(String name) {
    table = '"' + name + '"';
    get = "SELECT value FROM " + table + " WHERE key = ?";
    insert = "INSERT INTO " + table + " (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING";
    put =
        "INSERT INTO "
            + table
            + " (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    delete = "DELETE FROM " + table + " WHERE key = ?";
    for (int shape = 0; shape < 4; shape++) {
      var where = " FROM " + table + " WHERE key " + condition(shape);
      count[shape] = "SELECT count(*)" + where;
      deleteRange[shape] = "DELETE" + where;
      scan[shape] = "SELECT key, value" + where + " ORDER BY key LIMIT ?";
      scanBackward[shape] = "SELECT key, value" + where + " ORDER BY key DESC LIMIT ?";
    }
  }

  /// These have the bounds of the range as their first parameters: one, or two if it is bounded.
  String count(KeyRange range) {
    return count[shape(range)];
  }

  String deleteRange(KeyRange range) {
    return deleteRange[shape(range)];
  }

  String scan(KeyRange range, boolean backward) {
    return (backward ? scanBackward : scan)[shape(range)];
  }

  private static int shape(KeyRange range) {
    return (range.lowerExcluded() ? 1 : 0) + (range.bounded() ? 2 : 0);
  }

  private static String condition(int shape) {
    return ((shape & 1) == 0 ? ">= ?" : "> ?") + ((shape & 2) == 0 ? "" : " AND key < ?");
  }
}
