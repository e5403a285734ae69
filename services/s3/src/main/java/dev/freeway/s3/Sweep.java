package dev.freeway.s3;

import dev.freeway.store.Blobs;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Deletes blobs that a crash left without an object. After an orderly stop there are none, so then
/// it does not look.
final class Sweep {
  private static final Logger LOG = System.getLogger(Sweep.class.getName());
  private static final Table<Running> RUNNING = new Table<>("s3_running", Running.class);
  private static final String KEY = "node";
  private static final int BATCH = 500;

  private final Store store;
  private final Blobs blobs;

  record Running(boolean now) {}

  Sweep(Store store, Blobs blobs) {
    this.store = store;
    this.blobs = blobs;
  }

  /// Sweeps beside what the node does, if the last run did not end in order.
  void start() {
    Instant started = Instant.now();
    boolean crashed =
        store.write(
            tx -> {
              boolean before = tx.contains(RUNNING, KEY);
              tx.put(RUNNING, KEY, new Running(true));
              return before;
            });
    if (crashed) {
      Thread.ofVirtual().name("s3-sweep").start(() -> run(started));
    }
  }

  void stop() {
    store.update(tx -> tx.delete(RUNNING, KEY));
  }

  /// Blobs of this run, committed after its start, are not looked at: their rows may be to come.
  long run(Instant before) {
    Set<String> used = new HashSet<>();
    collect(used, true);
    collect(used, false);
    parts(used);
    try {
      long deleted = blobs.sweep(before, used::contains);
      LOG.log(Level.INFO, "after a crash: {0} blobs without an object deleted", deleted);
      return deleted;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the sweep of blobs did not finish; the next start tries again", e);
      return 0;
    }
  }

  private void collect(Set<String> used, boolean latest) {
    String after = "";
    while (true) {
      String from = after;
      List<Row<StoredObject>> page = store.read(tx -> Objects.page(tx, latest, from, BATCH));
      page.forEach(r -> r.value().segments().forEach(s -> used.add(s.blob())));
      if (page.size() < BATCH) {
        return;
      }
      after = page.getLast().key();
    }
  }

  private void parts(Set<String> used) {
    String after = "";
    while (true) {
      String from = after;
      List<Row<Upload.Part>> page = store.read(tx -> Uploads.page(tx, from, BATCH));
      page.forEach(r -> used.add(r.value().segment().blob()));
      if (page.size() < BATCH) {
        return;
      }
      after = page.getLast().key();
    }
  }
}
