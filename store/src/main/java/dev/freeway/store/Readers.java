package dev.freeway.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A few connections for reads, the most recently used first.
final class Readers implements AutoCloseable {
  private final Dialect dialect;
  private final Schema schema;
  private final int size;
  private final Semaphore free;
  private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();
  private final List<Reader> all = new ArrayList<>();
  private volatile boolean closed;

  Readers(Dialect dialect, Schema schema, int size) throws SQLException {
    this.dialect = dialect;
    this.schema = schema;
    this.size = size;
    this.free = new Semaphore(size);
    for (int i = 0; i < size; i++) {
      var reader = new Reader(new Session(dialect.connectReader()));
      all.add(reader);
      idle.add(reader);
    }
  }

  <R extends @Nullable Object> R read(Function<ReadTx, R> work) {
    free.acquireUninterruptibly();
    try {
      if (closed) {
        throw new StoreException.Closed();
      }
      var reader = idle.pop();
      reader.user = Thread.currentThread();
      try {
        return read(reader.session, work);
      } finally {
        reader.user = null;
        idle.push(reader);
      }
    } finally {
      free.release();
    }
  }

  private <R extends @Nullable Object> R read(Session session, Function<ReadTx, R> work) {
    var tx = new SqlReadTx(session, schema);
    try {
      session.execute(dialect.beginRead());
      try {
        return work.apply(tx);
      } finally {
        tx.end();
        session.execute("COMMIT");
      }
    } catch (SQLException e) {
      session.forgetStatements();
      throw tx.failed(e);
    }
  }

  boolean isReading(Thread thread) {
    for (var reader : all) {
      if (reader.user == thread) {
        return true;
      }
    }
    return false;
  }

  /// Waits for the reads that are running.
  @Override
  public void close() throws SQLException {
    free.acquireUninterruptibly(size);
    try {
      if (!closed) {
        closed = true;
        for (var reader : all) {
          reader.session.close();
        }
      }
    } finally {
      free.release(size);
    }
  }

  private static final class Reader {
    final Session session;
    volatile @Nullable Thread user;

    Reader(Session session) {
      this.session = session;
    }
  }
}
