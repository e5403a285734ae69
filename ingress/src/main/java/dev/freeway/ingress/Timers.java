package dev.freeway.ingress;

import java.time.Duration;
import java.time.Instant;

/// Time as health checks, draining and slow start see it: a test sets it by hand, a user may scale
/// it. (Network timeouts always follow the real clock.)
public interface Timers {

  Instant now();

  /// Runs the task once, on a thread of its own, when the delay has passed.
  Pending after(Duration delay, Runnable task);

  interface Pending {
    /// Has no effect when the task has started.
    void cancel();
  }

  /// The machine's clock.
  static Timers system() {
    return new SystemTimers();
  }
}
