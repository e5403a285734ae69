package dev.freeway.flow;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Ends a wait on a clock early. A ring with no wait to end ends the next one.
public final class Alarm {
  private final Semaphore rings = new Semaphore(0);

  public void ring() {
    rings.release();
  }

  void await(Duration longest) throws InterruptedException {
    if (longest.isPositive() && rings.tryAcquire(nanos(longest), TimeUnit.NANOSECONDS)) {
      rings.drainPermits();
    }
  }

  void await() throws InterruptedException {
    rings.acquire();
    rings.drainPermits();
  }

  private static long nanos(Duration duration) {
    // Longer than that, in nanoseconds, does not fit a long.
    return duration.compareTo(Duration.ofDays(1000)) > 0
        ? TimeUnit.DAYS.toNanos(1000)
        : duration.toNanos();
  }
}
