package dev.freeway.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;

/// A connection with its prepared statements, each prepared once. Used by one thread at a time.
final class Session implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Session.class.getName());

  private final Connection connection;
  private final HashMap<String, PreparedStatement> statements = new HashMap<>();

  Session(Connection connection) {
    this.connection = connection;
  }

  PreparedStatement prepare(String sql) throws SQLException {
    var known = statements.get(sql);
    if (known != null) {
      return known;
    }
    var statement = connection.prepareStatement(sql);
    statements.put(sql, statement);
    return statement;
  }

  void execute(String sql) throws SQLException {
    prepare(sql).execute();
  }

  /// To be called when a statement has failed: the driver may have destroyed it, and any that ran
  /// with it.
  void forgetStatements() {
    for (var statement : statements.values()) {
      try {
        statement.close();
      } catch (SQLException e) {
        // The one that failed reports its failure again.
        LOG.log(System.Logger.Level.DEBUG, "closing a statement", e);
      }
    }
    statements.clear();
  }

  /// Runs a statement that will not be needed again.
  void executeOnce(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  int update(String sql, String key) throws SQLException {
    var statement = prepare(sql);
    statement.setString(1, key);
    return statement.executeUpdate();
  }

  int update(String sql, String key, byte[] value) throws SQLException {
    var statement = prepare(sql);
    statement.setString(1, key);
    statement.setBytes(2, value);
    return statement.executeUpdate();
  }

  /// The one number that a statement with one parameter answers with.
  long number(String sql, String parameter) throws SQLException {
    var statement = prepare(sql);
    statement.setString(1, parameter);
    try (var rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// Prepares a statement on a range, and returns it with its bounds set.
  PreparedStatement prepare(String sql, KeyRange range) throws SQLException {
    var statement = prepare(sql);
    statement.setString(1, range.lower());
    if (range.bounded()) {
      statement.setString(2, range.upper());
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
