package dev.freeway.telemetry;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The tables. Times are seconds of the epoch; `resolution` is the length of the period a row
/// stands for.
final class Schema {
  static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS series (
            id INTEGER PRIMARY KEY, owner TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
            dimensions TEXT NOT NULL, last INTEGER NOT NULL,
            UNIQUE (owner, namespace, name, dimensions))
          """,
          """
          CREATE TABLE IF NOT EXISTS points (
            series INTEGER NOT NULL, at INTEGER NOT NULL, resolution INTEGER NOT NULL,
            unit TEXT NOT NULL, count REAL NOT NULL, sum REAL NOT NULL, min REAL NOT NULL,
            max REAL NOT NULL, distribution BLOB,
            PRIMARY KEY (series, at, resolution, unit)) WITHOUT ROWID
          """);

  private Schema() {}

  /// Names and values one after the other. No part may hold U+0001.
  static String text(Map<String, String> dimensions) {
    StringBuilder s = new StringBuilder();
    dimensions.forEach(
        (k, v) -> {
          if (k.indexOf('\u0001') >= 0 || v.indexOf('\u0001') >= 0) {
            throw new IllegalArgumentException("U+0001 in dimension " + k);
          }
          s.append(k).append('\u0001').append(v).append('\u0001');
        });
    return s.toString();
  }

  static SortedMap<String, String> dimensions(String text) {
    SortedMap<String, String> all = new TreeMap<>();
    String[] parts = text.split("\u0001", -1);
    for (int i = 0; i + 1 < parts.length; i += 2) {
      all.put(parts[i], parts[i + 1]);
    }
    return all;
  }
}
