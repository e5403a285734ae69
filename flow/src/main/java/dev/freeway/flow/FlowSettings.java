package dev.freeway.flow;

import java.time.Duration;

/// @param concurrency reconciles that run at the same time, at most
/// @param firstDelay before the second attempt, on the flow's clock; doubles with each failure
/// @param longestDelay the delay grows no further than this
public record FlowSettings(int concurrency, Duration firstDelay, Duration longestDelay) {
  public static final FlowSettings DEFAULT =
      new FlowSettings(256, Duration.ofMillis(200), Duration.ofMinutes(1));

  public FlowSettings {
    if (concurrency < 1 || !firstDelay.isPositive() || longestDelay.compareTo(firstDelay) < 0) {
      throw new IllegalArgumentException("not usable as settings");
    }
  }

  /// The delay after so many failures in a row.
  Duration delay(int failures) {
    // 2^30 times the first delay is past any sensible longest one, and does not overflow.
    var delay = firstDelay.multipliedBy(1L << Math.min(failures - 1, 30));
    return delay.compareTo(longestDelay) < 0 ? delay : longestDelay;
  }
}
