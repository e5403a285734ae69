package dev.freeway.telemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Samples added up.
///
/// @param count of samples
/// @param distribution of their values; null when only sums are known, from a statistic set
public record Summary(
    double count, double sum, double min, double max, @Nullable Distribution distribution) {

  public static Summary of(double value) {
    return of(value, 1);
  }

  /// The same value, `times` times.
  public static Summary of(double value, double times) {
    return new Summary(times, value * times, value, value, Distribution.of(value, times));
  }

  /// Different values, each as often as `times` says.
  ///
  /// @param sum exact, where the values are rounded
  public static Summary of(List<Double> values, List<Double> times, double sum) {
    Summary all = null;
    for (int i = 0; i < values.size(); i++) {
      Summary one = of(values.get(i), times.get(i));
      all = all == null ? one : all.plus(one);
    }
    if (all == null) {
      throw new IllegalArgumentException("no values");
    }
    return new Summary(all.count, sum, all.min, all.max, all.distribution);
  }

  /// A statistic set. Of one sample, or many of the same value, the distribution is known too.
  public static Summary set(double count, double sum, double min, double max) {
    return min == max
        ? new Summary(count, sum, min, max, Distribution.of(min, count))
        : new Summary(count, sum, min, max, null);
  }

  public Summary plus(Summary other) {
    return new Summary(
        count + other.count,
        sum + other.sum,
        Math.min(min, other.min),
        Math.max(max, other.max),
        distribution == null || other.distribution == null
            ? null
            : distribution.plus(other.distribution));
  }

  public double average() {
    return count == 0 ? 0 : sum / count;
  }
}
