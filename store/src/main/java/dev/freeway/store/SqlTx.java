package dev.freeway.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One closure's part of the writer's transaction. A savepoint is set before its first change, so
/// that it can be undone alone.
final class SqlTx extends SqlReadTx implements Tx {
  private final Set<String> created = new HashSet<>();
  private final List<Runnable> commitHooks = new ArrayList<>();
  private final List<Runnable> rollbackHooks = new ArrayList<>();
  private boolean changed;
  private @Nullable StoreException failure;

  SqlTx(Session session, Schema schema) {
    super(session, schema);
  }

  @Override
  public <V> void put(Table<V> table, String key, V value) {
    var json = schema.codec().encode(table, value);
    attempt(
        () -> {
          ensure(table);
          return session.update(schema.sql(table).put, key, json);
        });
  }

  @Override
  public <V> boolean insertIfAbsent(Table<V> table, String key, V value) {
    var json = schema.codec().encode(table, value);
    return attempt(
        () -> {
          ensure(table);
          return session.update(schema.sql(table).insert, key, json) > 0;
        });
  }

  @Override
  public boolean delete(Table<?> table, String key) {
    return attempt(
        () -> {
          if (!exists(table)) {
            return false;
          }
          setSavepoint();
          return session.update(schema.sql(table).delete, key) > 0;
        });
  }

  @Override
  public long deletePrefix(Table<?> table, String prefix) {
    return attempt(
        () -> {
          if (!exists(table)) {
            return 0L;
          }
          setSavepoint();
          var range = KeyRange.startingWith(prefix);
          return session.prepare(schema.sql(table).deleteRange(range), range).executeLargeUpdate();
        });
  }

  @Override
  public long next(String sequence) {
    return attempt(
        () -> {
          setSavepoint();
          return session.number(Layout.NEXT, sequence);
        });
  }

  @Override
  public void afterCommit(Runnable hook) {
    commitHooks.add(hook);
  }

  @Override
  public void afterRollback(Runnable hook) {
    rollbackHooks.add(hook);
  }

  @Override
  boolean exists(Table<?> table) throws SQLException {
    return created.contains(table.name()) || super.exists(table);
  }

  private void ensure(Table<?> table) throws SQLException {
    setSavepoint();
    if (!exists(table)) {
      schema.create(session, table.name());
      created.add(table.name());
    }
  }

  private void setSavepoint() throws SQLException {
    if (!changed) {
      session.execute("SAVEPOINT work");
      changed = true;
    }
  }

  @Override
  StoreException failed(SQLException e) {
    failure = new StoreException.CommitFailed(e);
    return failure;
  }

  /// Keeps the changes as part of the writer's transaction.
  ///
  /// @throws StoreException a statement had failed, even if the work went on regardless
  void keep() throws SQLException {
    if (failure != null) {
      throw failure;
    }
    if (changed) {
      session.execute("RELEASE SAVEPOINT work");
    }
  }

  void undo() throws SQLException {
    if (changed) {
      session.execute("ROLLBACK TO SAVEPOINT work");
      session.execute("RELEASE SAVEPOINT work");
    }
  }

  Set<String> created() {
    return created;
  }

  List<Runnable> commitHooks() {
    return commitHooks;
  }

  List<Runnable> rollbackHooks() {
    return rollbackHooks;
  }
}
