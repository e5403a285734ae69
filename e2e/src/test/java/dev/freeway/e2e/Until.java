package dev.freeway.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/// Looks until something holds.
final class Until {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Until() {}

  static <T> T holds(String what, Callable<T> look, Predicate<T> good) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    T last = look.call();
    while (!good.test(last)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            what + " did not come true within " + PATIENCE.toSeconds() + " s; last seen: " + last);
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
      last = look.call();
    }
    return last;
  }
}
