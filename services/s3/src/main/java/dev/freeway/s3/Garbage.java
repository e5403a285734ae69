package dev.freeway.s3;

import dev.freeway.store.Blobs;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Deletes the blobs that no object holds any more, once the transaction that dropped them is on
/// disk. Copies share their source's blobs, so a blob has a count of holders beyond the first. What
/// a crash leaves is for [Sweep].
final class Garbage implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Garbage.class.getName());
  private static final Table<Shared> SHARED = new Table<>("s3_shared_blobs", Shared.class);

  private final Blobs blobs;
  // One at a time is enough, and keeps the file system free for those who wait for it.
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("s3-garbage").factory());

  /// @param others holders beyond the first
  record Shared(long others) {}

  Garbage(Blobs blobs) {
    this.blobs = blobs;
  }

  /// Adds a holder to each blob.
  void share(Tx tx, List<Segment> segments) {
    for (Segment s : segments) {
      long others = tx.get(SHARED, s.blob()).map(Shared::others).orElse(0L);
      tx.put(SHARED, s.blob(), new Shared(others + 1));
    }
  }

  /// Takes a holder from each blob.
  void drop(Tx tx, List<Segment> segments) {
    for (Segment s : segments) {
      long others = tx.get(SHARED, s.blob()).map(Shared::others).orElse(0L);
      if (others == 0) {
        tx.afterCommit(() -> worker.execute(() -> delete(s.blob())));
      } else if (others == 1) {
        tx.delete(SHARED, s.blob());
      } else {
        tx.put(SHARED, s.blob(), new Shared(others - 1));
      }
    }
  }

  boolean isShared(ReadTx tx, String blob) {
    return tx.contains(SHARED, blob);
  }

  /// For blobs that never came to be part of anything.
  void delete(String blob) {
    try {
      blobs.delete(blob);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "blob " + blob + " was not deleted; a sweep will", e);
    }
  }

  @Override
  public void close() {
    worker.close();
  }
}
