package dev.freeway.telemetry.math;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// Functions of a value and the one before it, and of the time alone.
final class Steps {
  interface Step {
    double of(double before, double now, long seconds);
  }

  private Steps() {}

  static TimeSeries steps(TimeSeries series, Step step) {
    TreeMap<Long, Double> all = new TreeMap<>();
    Map.Entry<Long, Double> before = null;
    for (var e : series.values().entrySet()) {
      if (before != null) {
        long seconds = e.getKey() - before.getKey();
        TimeSeries.put(all, e.getKey(), step.of(before.getValue(), e.getValue(), seconds));
      }
      before = e;
    }
    return series.with(all);
  }

  static TimeSeries runningSum(TimeSeries series) {
    TreeMap<Long, Double> all = new TreeMap<>();
    double sum = 0;
    for (var e : series.values().entrySet()) {
      sum += e.getValue();
      TimeSeries.put(all, e.getKey(), sum);
    }
    return series.with(all);
  }

  static TimeSeries times(TimeSeries series, ToDoubleFunction<ZonedDateTime> f) {
    TreeMap<Long, Double> all = new TreeMap<>();
    series
        .values()
        .keySet()
        .forEach(t -> all.put(t, f.applyAsDouble(Instant.ofEpochSecond(t).atZone(ZoneOffset.UTC))));
    return series.with(all);
  }
}
