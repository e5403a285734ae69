package dev.freeway.telemetry.math;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/// Numbers over time, not necessarily at every period.
///
/// @param period in seconds
/// @param values by their time in seconds of the epoch, all finite
public record TimeSeries(String label, int period, SortedMap<Long, Double> values) {
  public TimeSeries {
    values = Collections.unmodifiableSortedMap(values);
  }

  public TimeSeries labelled(String other) {
    return new TimeSeries(other, period, values);
  }

  TimeSeries with(SortedMap<Long, Double> others) {
    return new TimeSeries(label, period, others);
  }

  /// Values that are no numbers then (1/0) are left out.
  TimeSeries map(DoubleUnaryOperator f) {
    TreeMap<Long, Double> all = new TreeMap<>();
    values.forEach((t, v) -> put(all, t, f.applyAsDouble(v)));
    return with(all);
  }

  static void put(SortedMap<Long, Double> all, Long time, double value) {
    if (Double.isFinite(value)) {
      all.put(time, value);
    }
  }
}
