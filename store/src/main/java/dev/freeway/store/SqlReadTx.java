package dev.freeway.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads inside a transaction that was begun on `session`.
class SqlReadTx implements ReadTx {
  final Session session;
  final Schema schema;
  private final Set<String> known;
  private boolean open = true;

  /// To be made before the transaction begins.
  SqlReadTx(Session session, Schema schema) {
    this.session = session;
    this.schema = schema;
    this.known = schema.known();
  }

  @Override
  public final <V> Optional<V> get(Table<V> table, String key) {
    return attempt(
        () -> {
          if (!exists(table)) {
            return Optional.empty();
          }
          var statement = session.prepare(schema.sql(table).get);
          statement.setString(1, key);
          try (var rows = statement.executeQuery()) {
            return rows.next()
                ? Optional.of(schema.codec().decode(table, key, rows.getBytes(1)))
                : Optional.empty();
          }
        });
  }

  @Override
  public final <V> List<Row<V>> scan(
      Table<V> table, String prefix, String startAfterKey, int limit) {
    return scan(table, KeyRange.startingWith(prefix).startingAfter(startAfterKey), false, limit);
  }

  @Override
  public final <V> List<Row<V>> scanBackward(
      Table<V> table, String prefix, String startBeforeKey, int limit) {
    return scan(table, KeyRange.startingWith(prefix).endingBefore(startBeforeKey), true, limit);
  }

  private <V> List<Row<V>> scan(Table<V> table, KeyRange range, boolean backward, int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("negative limit: " + limit);
    }
    return attempt(
        () -> {
          var found = new ArrayList<Row<V>>();
          if (exists(table)) {
            var statement = session.prepare(schema.sql(table).scan(range, backward), range);
            statement.setInt(range.bounded() ? 3 : 2, limit);
            try (var rows = statement.executeQuery()) {
              while (rows.next()) {
                var key = rows.getString(1);
                found.add(new Row<>(key, schema.codec().decode(table, key, rows.getBytes(2))));
              }
            }
          }
          return found;
        });
  }

  @Override
  public final long count(Table<?> table, String prefix) {
    return attempt(
        () -> {
          if (!exists(table)) {
            return 0L;
          }
          var range = KeyRange.startingWith(prefix);
          try (var rows = session.prepare(schema.sql(table).count(range), range).executeQuery()) {
            rows.next();
            return rows.getLong(1);
          }
        });
  }

  /// Whether the table exists in this transaction's view.
  boolean exists(Table<?> table) throws SQLException {
    return known.contains(table.name()) || schema.find(session, table.name());
  }

  final <R> R attempt(Attempt<R> attempt) {
    if (!open) {
      throw new IllegalStateException("the transaction is over: its work has returned");
    }
    try {
      return attempt.run();
    } catch (SQLException e) {
      session.forgetStatements();
      throw failed(e);
    }
  }

  StoreException failed(SQLException e) {
    return new StoreException("the store failed: " + e.getMessage(), e);
  }

  final void end() {
    open = false;
  }

  interface Attempt<R> {
    R run() throws SQLException;
  }
}
