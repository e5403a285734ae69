package dev.freeway.store;

import java.sql.Connection;
import java.sql.SQLException;

/// What differs between databases. Everything else is the SQL that they share (see [TableSql]).
interface Dialect extends AutoCloseable {

  /// Opens the connection that makes all changes, after claiming the database for this process
  /// where it cannot be shared. In auto-commit mode: transactions are begun and ended by
  /// statements.
  Connection connectWriter() throws SQLException;

  Connection connectReader() throws SQLException;

  /// Begins a transaction that is serialised with those of every other writer of the database.
  String beginWrite();

  /// Begins a transaction whose reads all see the same state.
  String beginRead();

  /// Creates the table of that name, with the columns `key` (text, ordered by code point, primary
  /// key) and `value` (bytes), unless it exists.
  String createTable(String name);

  /// A query with the name of a table as its parameter: one row if there is such a table.
  String findTable();

  /// Called once all connections are closed. Releases the claim.
  @Override
  void close();
}
