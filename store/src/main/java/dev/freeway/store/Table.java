package dev.freeway.store;

import java.util.regex.Pattern;

/// A named table of values of one type. Tables come into being when they are first written to.
///
/// Values are stored as JSON: records, enums, `Instant`, `Duration`, `byte[]`, collections, nested
/// records, and sealed interfaces with `@JsonTypeInfo`. Nulls and empty optionals are left out, and
/// properties that the type does not know are ignored, so a type may gain and lose components: a
/// component that an old row lacks is null (or zero), which the compact constructor may replace.
///
/// @param name lower case letters, digits and `_`, starting with a letter, at most 60; by
///   convention it starts with the service's name: `sqs_queues`
public record Table<V>(String name, Class<V> type) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,59}");

  public Table {
    if (!NAME.matcher(name).matches() || name.startsWith("sqlite_") || name.startsWith("pg_")) {
      throw new IllegalArgumentException("not a table name: '" + name + "'");
    }
  }
}
