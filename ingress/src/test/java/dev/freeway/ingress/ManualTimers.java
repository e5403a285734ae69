package dev.freeway.ingress;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Time that stands still until a test moves it. Tasks run on the test's thread, in order of their
/// time.
final class ManualTimers implements Timers {
  private record Task(Instant at, long order, Runnable work) {}

  private final List<Task> tasks = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long order;

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized Pending after(Duration delay, Runnable work) {
    Task task = new Task(now.plus(delay), order++, work);
    tasks.add(task);
    return () -> cancel(task);
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }

  /// Runs what is due by then, with the clock at each task's time.
  void advance(Duration by) {
    Instant end = now().plus(by);
    for (Optional<Task> next; (next = takeDue(end)).isPresent(); ) {
      next.get().work().run();
    }
    synchronized (this) {
      now = end;
    }
  }

  private synchronized Optional<Task> takeDue(Instant end) {
    Optional<Task> next =
        tasks.stream()
            .filter(t -> !t.at().isAfter(end))
            .min(Comparator.comparing(Task::at).thenComparing(Task::order));
    next.ifPresent(
        task -> {
          tasks.remove(task);
          now = task.at().isAfter(now) ? task.at() : now;
        });
    return next;
  }
}
