package dev.freeway.store;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The tables of a store, and how to reach them.
final class Schema {
  private final Dialect dialect;
  private final JsonCodec codec = new JsonCodec();
  private final ConcurrentHashMap<String, TableSql> sql = new ConcurrentHashMap<>();
  private volatile Set<String> known = Set.of();

  Schema(Dialect dialect) {
    this.dialect = dialect;
  }

  JsonCodec codec() {
    return codec;
  }

  TableSql sql(Table<?> table) {
    return sql.computeIfAbsent(table.name(), TableSql::new);
  }

  /// Tables that every transaction which begins from now on will find. One that is not among them
  /// may exist all the same: [#find] tells.
  Set<String> known() {
    return known;
  }

  /// Looks for a table in the view of the session's transaction.
  boolean find(Session session, String table) throws SQLException {
    var statement = session.prepare(dialect.findTable());
    statement.setString(1, table);
    try (var rows = statement.executeQuery()) {
      return rows.next();
    }
  }

  void create(Session session, String table) throws SQLException {
    session.executeOnce(dialect.createTable(table));
  }

  /// Called, by the writer alone, once the tables are committed.
  void addKnown(Collection<String> tables) {
    if (!known.containsAll(tables)) {
      var more = new HashSet<>(known);
      more.addAll(tables);
      known = Set.copyOf(more);
    }
  }
}
