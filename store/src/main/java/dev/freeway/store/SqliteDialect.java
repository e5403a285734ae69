package dev.freeway.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/// SQLite in write-ahead mode, in a directory that belongs to this process.
final class SqliteDialect implements Dialect {
  private final Path directory;
  private final boolean durable;
  private @Nullable DirectoryLock lock;

  private SqliteDialect(Path directory, boolean durable) {
    this.directory = directory;
    this.durable = durable;
  }

  static SqliteDialect durable(Path directory) {
    return new SqliteDialect(directory, true);
  }

  /// On a temporary directory, which goes when the dialect is closed.
  static SqliteDialect ephemeral() {
    return new SqliteDialect(TemporaryDirectory.create(), false);
  }

  @Override
  public Connection connectWriter() throws SQLException {
    try {
      Files.createDirectories(directory);
      lock = DirectoryLock.acquire(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + directory + " for data: " + e, e);
    }
    var connection = connect();
    if (durable) {
      sync();
    }
    return connection;
  }

  /// SQLite syncs its files, but a loss of power must not take away their names either.
  private void sync() {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot sync " + directory, e);
    }
  }

  @Override
  public Connection connectReader() throws SQLException {
    var connection = connect();
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = 1");
    }
    return connection;
  }

  private Connection connect() throws SQLException {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(
        durable ? SQLiteConfig.SynchronousMode.FULL : SQLiteConfig.SynchronousMode.OFF);
    // What a savepoint keeps for its undoing stays in memory.
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setJournalSizeLimit(64 << 20);
    // Else the driver asks for the last rowid after every write.
    config.setGetGeneratedKeys(false);
    config.setBusyTimeout(10_000);
    // A page written again before the checkpoint is copied once: 16 MB of log between two of them,
    // and 8 MB of pages at hand.
    config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, "4000");
    config.setCacheSize(-8000);
    return config.createConnection("jdbc:sqlite:" + directory.resolve("store.db"));
  }

  @Override
  public String beginWrite() {
    return "BEGIN IMMEDIATE";
  }

  @Override
  public String beginRead() {
    return "BEGIN";
  }

  @Override
  public String createTable(String name) {
    // SQLite compares text by its UTF-8 bytes: by code point.
    return "CREATE TABLE IF NOT EXISTS \""
        + name
        + "\" (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID";
  }

  @Override
  public String findTable() {
    return "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?";
  }

  @Override
  public void close() {
    if (lock != null) {
      lock.close();
    }
    if (!durable) {
      TemporaryDirectory.delete(directory);
    }
  }
}
