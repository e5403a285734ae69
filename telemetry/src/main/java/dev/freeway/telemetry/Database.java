package dev.freeway.telemetry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/// The database's two connections, one that writes and one that reads, opened when first used: a
/// system that measures nothing pays nothing.
final class Database implements AutoCloseable {
  private static final String FILE = "metrics.db";

  interface Work<R extends @Nullable Object> {
    R with(Connection connection) throws SQLException;
  }

  private final @Nullable Path folder;
  final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock reading;
  private @Nullable Connection writer;
  private @Nullable Connection reader;
  private boolean closed;

  private Database(@Nullable Path folder) {
    this.folder = folder;
    // In memory there is one connection for both.
    reading = folder == null ? writing : new ReentrantLock();
  }

  static Database in(Path folder) {
    return new Database(folder);
  }

  static Database inMemory() {
    return new Database(null);
  }

  /// Whether anything was ever written.
  boolean exists() {
    return folder == null || Files.exists(folder.resolve(FILE));
  }

  <R extends @Nullable Object> R write(Work<R> work) {
    writing.lock();
    try {
      Connection c = writer();
      try {
        R result = work.with(c);
        c.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        c.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new TelemetryException("metrics cannot be written: " + e.getMessage(), e);
    } finally {
      writing.unlock();
    }
  }

  <R extends @Nullable Object> R read(Work<R> work) {
    // A crash may have left the file without its tables.
    writing.lock();
    try {
      writer();
    } catch (SQLException e) {
      throw new TelemetryException("metrics cannot be opened: " + e.getMessage(), e);
    } finally {
      writing.unlock();
    }
    reading.lock();
    try {
      Connection c = reader();
      try {
        return work.with(c);
      } finally {
        c.rollback();
      }
    } catch (SQLException e) {
      throw new TelemetryException("metrics cannot be read: " + e.getMessage(), e);
    } finally {
      reading.unlock();
    }
  }

  private Connection writer() throws SQLException {
    if (writer == null) {
      checkOpen();
      writer = connect();
      try (Statement s = writer.createStatement()) {
        for (String table : Schema.TABLES) {
          s.execute(table);
        }
      }
      writer.commit();
    }
    return writer;
  }

  private Connection reader() throws SQLException {
    if (folder == null) {
      return writer();
    }
    if (reader == null) {
      checkOpen();
      reader = connect();
    }
    return reader;
  }

  private void checkOpen() throws SQLException {
    if (closed) {
      throw new SQLException("closed");
    }
  }

  private Connection connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setGetGeneratedKeys(false);
    config.setBusyTimeout(10_000);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setCacheSize(-1000);
    String url = "jdbc:sqlite::memory:";
    if (folder != null) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot use " + folder + " for metrics: " + e, e);
      }
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      config.setJournalSizeLimit(16 << 20);
      url = "jdbc:sqlite:" + folder.resolve(FILE);
    }
    Connection c = config.createConnection(url);
    c.setAutoCommit(false);
    return c;
  }

  @Override
  public void close() {
    writing.lock();
    reading.lock();
    try {
      closed = true;
      if (reader != null) {
        reader.close();
        reader = null;
      }
      if (writer != null) {
        writer.close();
        writer = null;
      }
    } catch (SQLException e) {
      throw new TelemetryException("metrics cannot be closed: " + e.getMessage(), e);
    } finally {
      reading.unlock();
      writing.unlock();
    }
  }
}
