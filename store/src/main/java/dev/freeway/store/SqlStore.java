package dev.freeway.store;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The store on an SQL database: one writer, a few readers.
final class SqlStore implements Store {
  private static final int READERS = Math.clamp(Runtime.getRuntime().availableProcessors(), 4, 16);

  private final Dialect dialect;
  private final Session writing;
  private final Writer writer;
  private final Readers readers;

  private SqlStore(Dialect dialect, Session writing, Writer writer, Readers readers) {
    this.dialect = dialect;
    this.writing = writing;
    this.writer = writer;
    this.readers = readers;
  }

  /// Takes over `dialect`, and closes it also when opening fails.
  static SqlStore open(Dialect dialect, List<Migration> migrations) {
    try {
      var writing = new Session(dialect.connectWriter());
      try {
        var schema = new Schema(dialect);
        Layout.prepare(writing, dialect, schema, migrations);
        var readers = new Readers(dialect, schema, READERS);
        var writer = new Writer(writing, dialect, schema);
        writer.start();
        return new SqlStore(dialect, writing, writer, readers);
      } catch (Throwable e) {
        writing.close();
        throw e;
      }
    } catch (SQLException e) {
      dialect.close();
      throw new StoreException("the store cannot be opened: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      dialect.close();
      throw e;
    }
  }

  @Override
  public <R extends @Nullable Object> R read(Function<ReadTx, R> work) {
    refuseNesting();
    return readers.read(work);
  }

  @Override
  public <R extends @Nullable Object> R write(Function<Tx, R> work) {
    refuseNesting();
    return writer.write(work);
  }

  /// Inside a write the store would wait for itself, or show the state before the write; inside a
  /// read it would decide on a snapshot that may be out of date.
  private void refuseNesting() {
    if (writer.isCurrentThread()) {
      throw new IllegalStateException(
          "the store was called from inside a write or an afterCommit hook: use the transaction");
    }
    if (readers.isReading(Thread.currentThread())) {
      throw new IllegalStateException("the store was called from inside a read: end it first");
    }
  }

  @Override
  public void close() {
    refuseNesting();
    try {
      writer.close();
      readers.close();
      writing.close();
    } catch (SQLException e) {
      throw new StoreException("the store did not close cleanly: " + e.getMessage(), e);
    } finally {
      dialect.close();
    }
  }
}
