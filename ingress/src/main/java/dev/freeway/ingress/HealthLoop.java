package dev.freeway.ingress;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Checks one target, the first time at once, then every interval, until stopped.
///
/// While the target is `initial` it is looked at more often, so that a program that needs a second
/// to start does not wait half a minute for traffic; but only one failure per interval counts
/// against it.
final class HealthLoop {
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LAST_RETRY = Duration.ofSeconds(1);

  private final Timers timers;
  private final Prober prober;
  private final HealthCheck check;
  private final Consumer<HealthTally> changed;

  private HealthTally tally;
  private Duration retry = FIRST_RETRY;
  private Instant nextCounted;
  private Timers.@Nullable Pending pending;
  private boolean stopped;

  /// @param changed is called, in order, with every new tally
  HealthLoop(
      Timers timers,
      Prober prober,
      HealthCheck check,
      HealthTally from,
      Consumer<HealthTally> changed) {
    this.timers = timers;
    this.prober = prober;
    this.check = check;
    this.changed = changed;
    this.tally = from;
    this.nextCounted = timers.now();
  }

  void start() {
    if (tally.health().state() == TargetHealth.State.INITIAL) {
      tally = tally.checking();
      changed.accept(tally);
    }
    schedule(Duration.ZERO);
  }

  private synchronized void schedule(Duration delay) {
    if (!stopped) {
      pending = timers.after(delay, this::run);
    }
  }

  private void run() {
    ProbeResult result = prober.probe(tally.health().target(), check);
    synchronized (this) {
      if (stopped) {
        return;
      }
      Instant now = timers.now();
      boolean passed = result instanceof ProbeResult.Passed;
      boolean counted = passed || !now.isBefore(nextCounted);
      if (counted) {
        nextCounted = now.plus(check.interval());
        tally = tally.after(result, check);
        changed.accept(tally);
      }
      boolean initial = tally.health().state() == TargetHealth.State.INITIAL;
      Duration delay = initial ? shorter(retry, check.interval()) : check.interval();
      retry = shorter(retry.multipliedBy(2), LAST_RETRY);
      pending = timers.after(delay, this::run);
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /// After this returns, `changed` is not called any more.
  synchronized void stop() {
    stopped = true;
    if (pending != null) {
      pending.cancel();
    }
  }
}
