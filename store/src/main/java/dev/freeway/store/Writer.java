package dev.freeway.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Group commit: one thread takes all the writes that wait, runs each in a savepoint of one
/// transaction, commits once, and only then tells the callers. Under load the cost of the disk's
/// sync is shared by as many writes as arrived during the last one.
final class Writer {
  private static final System.Logger LOG = System.getLogger(Writer.class.getName());
  private static final int LARGEST_BATCH = 512;

  private final Session session;
  private final Dialect dialect;
  private final Schema schema;
  private final LinkedBlockingQueue<WriteTicket<?>> queue = new LinkedBlockingQueue<>();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("store-writer").unstarted(this::run);
  private final WriteTicket<Boolean> last = new WriteTicket<>(_ -> true);
  private final Object gate = new Object();
  private boolean closed;

  Writer(Session session, Dialect dialect, Schema schema) {
    this.session = session;
    this.dialect = dialect;
    this.schema = schema;
  }

  void start() {
    thread.start();
  }

  boolean isCurrentThread() {
    return Thread.currentThread() == thread;
  }

  <R extends @Nullable Object> R write(Function<Tx, R> work) {
    var ticket = new WriteTicket<>(work);
    synchronized (gate) {
      if (closed) {
        throw new StoreException.Closed();
      }
      queue.add(ticket);
    }
    return ticket.await();
  }

  /// Finishes the writes that were accepted, refuses others, and ends the thread.
  void close() {
    synchronized (gate) {
      if (!closed) {
        closed = true;
        queue.add(last);
      }
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    var batch = new ArrayList<WriteTicket<?>>();
    while (true) {
      batch.clear();
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        // Someone's work interrupted this thread: not a reason to stop.
        continue;
      }
      queue.drainTo(batch, LARGEST_BATCH - 1);
      commit(batch);
      if (batch.getLast() == last) {
        return;
      }
    }
  }

  /// Runs and finishes every ticket of the batch.
  private void commit(List<WriteTicket<?>> batch) {
    var kept = new ArrayList<SqlTx>(batch.size());
    try {
      session.execute(dialect.beginWrite());
      for (var ticket : batch) {
        attempt(ticket, kept);
      }
      session.execute("COMMIT");
      committed(kept);
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(e);
      kept.forEach(tx -> run(tx.rollbackHooks()));
      for (var ticket : batch) {
        // Each caller adds its own stack to what it throws, so each gets its own exception.
        ticket.fail(new StoreException.CommitFailed(e));
      }
    }
    for (var ticket : batch) {
      ticket.finish();
    }
  }

  /// Runs one ticket's work. What the work throws is the ticket's failure; what the database throws
  /// when asked to keep or undo it ends the whole batch.
  private void attempt(WriteTicket<?> ticket, List<SqlTx> kept) throws SQLException {
    var tx = new SqlTx(session, schema);
    try {
      ticket.run(tx);
      tx.end();
      tx.keep();
      kept.add(tx);
    } catch (Throwable e) {
      tx.end();
      ticket.fail(e);
      try {
        tx.undo();
      } catch (SQLException lost) {
        // After some errors, such as a full disk, the database undoes the whole batch by itself.
        lost.addSuppressed(e);
        throw e instanceof StoreException && e.getCause() instanceof SQLException cause
            ? cause
            : lost;
      } finally {
        run(tx.rollbackHooks());
      }
    }
  }

  private void committed(List<SqlTx> kept) {
    var created = new HashSet<String>();
    for (var tx : kept) {
      created.addAll(tx.created());
    }
    schema.addKnown(created);
    kept.forEach(tx -> run(tx.commitHooks()));
  }

  private static void run(List<Runnable> hooks) {
    for (var hook : hooks) {
      try {
        hook.run();
      } catch (RuntimeException | Error e) {
        // What happened to the write is settled, and its caller must learn it; the hook has a bug.
        LOG.log(System.Logger.Level.ERROR, "a transaction's hook failed", e);
      }
    }
  }

  private void rollBack(Throwable why) {
    session.forgetStatements();
    try {
      session.executeOnce("ROLLBACK");
    } catch (SQLException e) {
      // Most likely there is nothing left to roll back. If there is, the next batch fails too.
      why.addSuppressed(e);
    }
  }
}
