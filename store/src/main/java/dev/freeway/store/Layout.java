package dev.freeway.store;

import java.sql.SQLException;
import java.util.List;

/// The tables of the store itself. Their names start with `_`, which a [Table]'s cannot.
final class Layout {
  static final String NEXT =
      "INSERT INTO _sequence (name, last) VALUES (?, 1)"
          + " ON CONFLICT (name) DO UPDATE SET last = _sequence.last + 1 RETURNING last";

  private static final List<String> CREATE =
      List.of(
          "CREATE TABLE IF NOT EXISTS _migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)",
          "CREATE TABLE IF NOT EXISTS _sequence (name TEXT PRIMARY KEY, last BIGINT NOT NULL)");

  /// Migration 0 stands for this layout of tables and values.
  private static final int LAYOUT = 0;

  private Layout() {}

  /// Brings the database up to date: all of it, or nothing.
  static void prepare(Session session, Dialect dialect, Schema schema, List<Migration> migrations) {
    Migration.checkNumbers(migrations);
    try {
      session.execute(dialect.beginWrite());
      try {
        for (var statement : CREATE) {
          session.executeOnce(statement);
        }
        migrate(session, schema, migrations);
        session.execute("COMMIT");
      } catch (Throwable e) {
        session.execute("ROLLBACK");
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the store cannot be opened: " + e.getMessage(), e);
    }
  }

  private static void migrate(Session session, Schema schema, List<Migration> migrations)
      throws SQLException {
    var last = -1;
    var lastName = "";
    var query = session.prepare("SELECT number, name FROM _migration ORDER BY number DESC LIMIT 1");
    try (var rows = query.executeQuery()) {
      if (rows.next()) {
        last = rows.getInt(1);
        lastName = rows.getString(2);
      }
    }
    if (last > migrations.size()) {
      throw new StoreException.Newer(
          "the data was written by a newer version: it has migration %d ('%s'), this version knows %d"
              .formatted(last, lastName, migrations.size()));
    }
    if (last < LAYOUT) {
      record(session, LAYOUT, "layout 1");
    }
    for (var migration : migrations.subList(Math.max(last, 0), migrations.size())) {
      var tx = new SqlTx(session, schema);
      migration.change().accept(tx);
      tx.keep();
      tx.end();
      if (!tx.commitHooks().isEmpty() || !tx.rollbackHooks().isEmpty()) {
        throw new IllegalStateException("a migration has no use for hooks");
      }
      record(session, migration.number(), migration.name());
    }
  }

  private static void record(Session session, int number, String name) throws SQLException {
    var insert = session.prepare("INSERT INTO _migration (number, name) VALUES (?, ?)");
    insert.setInt(1, number);
    insert.setString(2, name);
    insert.executeUpdate();
  }
}
