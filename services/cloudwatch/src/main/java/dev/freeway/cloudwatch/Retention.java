package dev.freeway.cloudwatch;

import dev.freeway.flow.Flow;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.telemetry.MetricStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Adds up old samples and forgets old history, every hour, once there is any.
final class Retention implements Reconciler {
  private final Platform platform;
  private final MetricStore metrics;
  private final History history;
  private final AtomicBoolean begun = new AtomicBoolean();

  Retention(Platform platform, MetricStore metrics, History history) {
    this.history = history;
    this.platform = platform;
    this.metrics = metrics;
  }

  /// Costs a look at a flag, except for the first time in a process.
  void begin() {
    if (!begun.get() && begun.compareAndSet(false, true)) {
      Flow flow = platform.flow();
      platform.store().update(tx -> flow.wake(tx, kind(), "all"));
    }
  }

  @Override
  public String kind() {
    return "cloudwatch.retention";
  }

  @Override
  public Outcome reconcile(String key) {
    begun.set(true);
    metrics.age(platform.clock().instant());
    history.forgetOld(platform.clock().instant());
    return Outcome.retryAfter(Duration.ofHours(1));
  }
}
