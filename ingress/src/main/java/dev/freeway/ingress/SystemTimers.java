package dev.freeway.ingress;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One daemon thread keeps the times; the tasks, which may block, run on virtual threads.
final class SystemTimers implements Timers {
  private final ScheduledThreadPoolExecutor wheel;

  SystemTimers() {
    wheel =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("ingress-timers").factory());
    wheel.setRemoveOnCancelPolicy(true);
    wheel.setKeepAliveTime(10, TimeUnit.SECONDS);
    wheel.allowCoreThreadTimeOut(true);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Pending after(Duration delay, Runnable task) {
    ScheduledFuture<?> future =
        wheel.schedule(
            () -> Thread.ofVirtual().name("ingress-timer").start(task),
            delay.toNanos(),
            TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }
}
