package dev.freeway.flow;

import dev.freeway.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The stored form of pending work: it exists as long as there is something to do. When several
/// nodes share a store, a lease (owner, until) joins these.
///
/// @param timers when it was woken for, earliest first; each is served by a run that begins later
/// @param retry when the last run asked to be repeated; the next run, whenever it is, replaces it
/// @param attempts failures in a row
record Entry(
    List<Instant> timers, @Nullable Instant retry, int attempts, @Nullable String lastError) {
  static final Table<Entry> QUEUE = new Table<>("flow_queue", Entry.class);
  static final Entry NONE = new Entry(List.of(), null, 0, null);

  boolean isEmpty() {
    return timers.isEmpty() && retry == null;
  }

  /// The earliest time it asks for.
  Instant due() {
    if (retry == null) {
      return timers.getFirst();
    }
    return timers.isEmpty() || retry.isBefore(timers.getFirst()) ? retry : timers.getFirst();
  }

  /// With one more wake. An entry that is due already covers all wakes that are due.
  Entry wokenAt(Instant due, Instant now) {
    boolean covered = !isEmpty() && !due.isAfter(now) && !due().isAfter(now);
    if (covered || timers.contains(due)) {
      return this;
    }
    var all = new TreeSet<>(timers);
    all.add(due);
    return new Entry(List.copyOf(all), retry, attempts, lastError);
  }

  /// After a run that began at `started` and did not fail.
  Entry served(Instant started, @Nullable Instant retry) {
    return new Entry(after(started), retry, 0, null);
  }

  /// After a run that began at `started` and failed. Its retry stands for the wakes that it served.
  Entry failed(Instant started, Instant retry, String error) {
    return new Entry(after(started), retry, attempts + 1, error);
  }

  private List<Instant> after(Instant started) {
    return timers.stream().filter(it -> it.isAfter(started)).toList();
  }
}
