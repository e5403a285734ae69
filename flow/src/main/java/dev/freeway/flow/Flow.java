package dev.freeway.flow;

import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A durable queue of things to look after, and the reconcilers that do.
///
/// A wake is stored with the state change that calls for it, in one transaction, and stays stored
/// until a reconcile that began after that transaction has ended with [Outcome.Done]. After a crash
/// everything that was pending runs again.
///
/// - For one kind and key, one reconcile runs at a time. A wake during a run leads to another run.
/// - Every wake is served, whatever the order of their due times: one for later does not delay one
///   for sooner, and is not dropped with it. Wakes that are due together are served by one run.
/// - Things run in the order in which they are due, each on a virtual thread of its own, at most
///   [FlowSettings#concurrency] at a time.
///
/// ```java
/// var flow = new Flow(store, FlowClock.system());
/// flow.register(new BuildReconciler(store));
/// flow.start();
/// store.update(tx -> {
///   tx.put(BUILDS, key, build);
///   flow.wake(tx, "codebuild.build", key);
///   flow.wakeAt(tx, "codebuild.build", key, build.deadline());
/// });
/// ```
public final class Flow implements AutoCloseable {
  private final Store store;
  private final FlowClock clock;
  private final FlowSettings settings;
  private final Map<String, Reconciler> reconcilers = new HashMap<>();

  // Guards the agenda and started. Never held while the store is called.
  private final ReentrantLock lock = new ReentrantLock();
  private final Agenda agenda = new Agenda();
  private final Ending ending;
  private @Nullable Dispatcher dispatcher;
  private boolean started;

  public Flow(Store store, FlowClock clock) {
    this(store, clock, FlowSettings.DEFAULT);
  }

  public Flow(Store store, FlowClock clock, FlowSettings settings) {
    this.store = store;
    this.clock = clock;
    this.settings = settings;
    this.ending = new Ending(clock, settings);
  }

  public FlowClock clock() {
    return clock;
  }

  /// Before the start. Work of a kind that nobody registers stays in the store.
  public void register(Reconciler reconciler) {
    if (started) {
      throw new IllegalStateException("register before the start: " + reconciler.kind());
    }
    if (reconcilers.putIfAbsent(new Work(reconciler.kind(), "").kind(), reconciler) != null) {
      throw new IllegalStateException("two reconcilers for " + reconciler.kind());
    }
  }

  /// Begins to run what is pending, and from then on what comes due.
  public void start() {
    dispatcher = new Dispatcher(clock, settings.concurrency(), lock, agenda, this::perform);
    load();
    dispatcher.start();
  }

  /// For tests: instead of [#start], after which [#tick] runs what is due on the caller's thread.
  public void startManually() {
    load();
  }

  /// For tests: runs everything that is due, and what comes due by that, in the order of due times,
  /// until nothing is due; returns the number of runs. The clock should be one that stands still.
  ///
  /// @throws IllegalStateException after 100,000 runs: something asks to be run again at once
  public int tick() {
    if (!started || dispatcher != null) {
      throw new IllegalStateException("tick is for flows that were started manually");
    }
    for (int runs = 0; runs < 100_000; runs++) {
      var run = locked(() -> agenda.begin(clock.instant()));
      if (run == null) {
        return runs;
      }
      perform(run);
    }
    throw new IllegalStateException("work never ends: " + pending());
  }

  /// Puts all rows on the agenda. In a write, so that each wake is either among the rows, or
  /// committed later and put there by its own hook.
  private void load() {
    store.update(
        tx -> {
          var rows = tx.scan(Entry.QUEUE, "");
          tx.afterCommit(
              () ->
                  locked(
                      () -> {
                        started = true;
                        rows.forEach(row -> want(Work.ofRow(row.key()), row.value().due()));
                      }));
        });
  }

  private void want(Work work, Instant due) {
    if (started && reconcilers.containsKey(work.kind())) {
      agenda.want(work, due);
    }
  }

  /// Has the thing reconciled as soon as `tx` is committed.
  public void wake(Tx tx, String kind, String key) {
    wakeAt(tx, kind, key, clock.instant());
  }

  /// Has the thing reconciled at `due`, or as soon as `tx` is committed if that is past. There is
  /// no way to take it back: the reconciler will see that there is nothing to do.
  public void wakeAt(Tx tx, String kind, String key, Instant due) {
    var work = new Work(kind, key);
    var now = clock.instant();
    var slot = due.isAfter(now) ? null : locked(() -> agenda.open(work));
    tx.afterRollback(() -> locked(() -> agenda.close(slot, false)));
    var entry = tx.get(Entry.QUEUE, work.row()).orElse(Entry.NONE);
    var woken = entry.wokenAt(due, now);
    if (woken != entry) {
      tx.put(Entry.QUEUE, work.row(), woken);
    }
    tx.afterCommit(
        () ->
            locked(
                () -> {
                  agenda.close(slot, true);
                  want(work, woken.due());
                  dispatch();
                }));
  }

  /// [#wake] in a transaction of its own; costs next to nothing if the thing is due anyway.
  public void nudge(String kind, String key) {
    var work = new Work(kind, key);
    boolean due = locked(() -> agenda.isDue(work, clock.instant()));
    if (!due) {
      store.update(tx -> wake(tx, kind, key));
    }
  }

  /// In the view of `tx`.
  boolean isPending(Tx tx, String kind, String key) {
    return tx.contains(Entry.QUEUE, new Work(kind, key).row());
  }

  /// Everything that is queued or running, by kind and key.
  public List<Pending> pending() {
    var rows = store.read(tx -> tx.scan(Entry.QUEUE, ""));
    return locked(() -> rows.stream().map(this::pending).toList());
  }

  private Pending pending(Row<Entry> row) {
    var work = Work.ofRow(row.key());
    return new Pending(
        work.kind(),
        work.key(),
        row.value().due(),
        row.value().attempts(),
        row.value().lastError(),
        agenda.isRunning(work),
        reconcilers.containsKey(work.kind()));
  }

  /// Runs one reconcile, stores how it ended, and puts what is next on the agenda.
  private void perform(Agenda.Run run) {
    var outcome = ending.attempt(reconcilers.get(run.work().kind()), run.work());
    if (outcome instanceof Outcome.Failed && dispatcher != null && dispatcher.isClosing()) {
      // It was most likely interrupted by us: its row stays as it was, for the next start.
      return;
    }
    try {
      store.update(tx -> end(tx, run, outcome));
    } catch (RuntimeException e) {
      // Its row is still there, so it runs again: now if the disk allows, else at the next start.
      ending.logUnstored(run.work(), e);
      locked(() -> agenda.repeat(run, clock.instant().plus(settings.longestDelay())));
    }
  }

  private void end(Tx tx, Agenda.Run run, Outcome outcome) {
    boolean missedAWake = locked(run::missedAWake);
    var due = ending.store(tx, run, outcome, missedAWake);
    tx.afterCommit(
        () ->
            locked(
                () -> {
                  agenda.ended(run, due);
                  dispatch();
                }));
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private <R extends @Nullable Object> R locked(Supplier<R> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  private void dispatch() {
    if (dispatcher != null) {
      dispatcher.dispatch();
    }
  }

  /// Starts nothing more, interrupts what runs and waits for it, for ten seconds at most. What did
  /// not end is still pending at the next start. Close it before the store.
  @Override
  public void close() {
    if (dispatcher != null) {
      dispatcher.close(Duration.ofSeconds(10));
    }
  }
}
