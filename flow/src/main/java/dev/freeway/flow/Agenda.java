package dev.freeway.flow;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// What is pending, in memory: when each thing is due, what runs, and whether it was woken since it
/// began. It follows the store's rows: work is added and taken away once that is committed.
///
/// A run has seen a wake only if the wake was committed before the run began. So wakes are counted
/// when they are committed, and a run remembers the count at its beginning. A run that ends in the
/// same commit as a wake cannot find it in the count yet: those are counted apart, as `open`.
///
/// Not safe for use by several threads: guarded by the [Flow]'s lock.
final class Agenda {
  private final Map<Work, Slot> slots = new HashMap<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparing(Timer::due).thenComparing(Timer::number));
  private long timersMade;

  private record Timer(Instant due, long number, Slot slot) {}

  static final class Slot {
    final Work work;
    private @Nullable Timer timer;
    private boolean running;
    private long wakes;
    private int open;

    Slot(Work work) {
      this.work = work;
    }
  }

  record Run(Slot slot, Instant started, long seen) {
    Work work() {
      return slot.work;
    }

    /// In the transaction that ends the run.
    boolean missedAWake() {
      return slot.open > 0 || slot.wakes != seen;
    }
  }

  /// In the transaction of a wake that is due: what runs now may have missed it. The answer is to
  /// be given to [#close] when that transaction has ended; null if there is nothing to miss it.
  @Nullable Slot open(Work work) {
    var slot = slots.get(work);
    if (slot != null) {
      slot.open++;
    }
    return slot;
  }

  void close(@Nullable Slot slot, boolean committed) {
    if (slot != null) {
      slot.open--;
      slot.wakes += committed ? 1 : 0;
    }
  }

  /// After the commit of a wake.
  void want(Work work, Instant due) {
    var slot = slots.computeIfAbsent(work, Slot::new);
    if (!slot.running && (slot.timer == null || due.isBefore(slot.timer.due))) {
      schedule(slot, due);
    }
  }

  /// After the commit that ended a run. No `due`: the work is done.
  void ended(Run run, @Nullable Instant due) {
    var slot = run.slot;
    slot.running = false;
    if (due == null) {
      slots.remove(slot.work);
    } else {
      schedule(slot, due);
    }
  }

  /// For a run whose end could not be stored.
  void repeat(Run run, Instant due) {
    run.slot.running = false;
    schedule(run.slot, due);
  }

  /// Begins the run of what has been due longest.
  @Nullable Run begin(Instant now) {
    var due = nextDue();
    if (due == null || due.isAfter(now)) {
      return null;
    }
    var slot = timers.remove().slot;
    slot.timer = null;
    slot.running = true;
    return new Run(slot, now, slot.wakes);
  }

  /// When the next run is due.
  @Nullable Instant nextDue() {
    while (!timers.isEmpty() && timers.peek().slot.timer != timers.peek()) {
      // Replaced by an earlier one.
      timers.remove();
    }
    return timers.isEmpty() ? null : timers.peek().due;
  }

  boolean isRunning(Work work) {
    var slot = slots.get(work);
    return slot != null && slot.running;
  }

  /// Whether a run is to come that will see everything committed until now.
  boolean isDue(Work work, Instant now) {
    var slot = slots.get(work);
    return slot != null && slot.timer != null && !slot.timer.due.isAfter(now);
  }

  private void schedule(Slot slot, Instant due) {
    slot.timer = new Timer(due, timersMade++, slot);
    timers.add(slot.timer);
  }
}
