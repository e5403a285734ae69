package dev.freeway.telemetry.math;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// Many numbers into one: of a series a scalar, of several series one, time by time.
enum Aggregate {
  SUM,
  AVG,
  MIN,
  MAX,
  STDDEV,
  DATAPOINT_COUNT;

  double of(Collection<Double> values) {
    double sum = values.stream().mapToDouble(v -> v).sum();
    int n = values.size();
    return switch (this) {
      case SUM -> sum;
      case AVG -> n == 0 ? Double.NaN : sum / n;
      case MIN -> values.stream().mapToDouble(v -> v).min().orElse(Double.NaN);
      case MAX -> values.stream().mapToDouble(v -> v).max().orElse(Double.NaN);
      case STDDEV -> {
        double mean = sum / n;
        yield n == 0
            ? Double.NaN
            : Math.sqrt(values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / n);
      }
      case DATAPOINT_COUNT -> n;
    };
  }

  Value of(Value value) {
    return switch (value) {
      case Value.One o -> new Value.Scalar(of(o.series().values().values()));
      case Value.Many m -> new Value.One(of(m.series()));
      case Value.Scalar s -> s;
      case Value.Text _ -> throw new MathException(this + " cannot be applied to a string");
    };
  }

  private TimeSeries of(List<TimeSeries> all) {
    TreeMap<Long, List<Double>> byTime = new TreeMap<>();
    int period = 0;
    for (TimeSeries s : all) {
      period = Math.max(period, s.period());
      s.values().forEach((t, v) -> byTime.computeIfAbsent(t, _ -> new ArrayList<>()).add(v));
    }
    TreeMap<Long, Double> values = new TreeMap<>();
    byTime.forEach((t, v) -> TimeSeries.put(values, t, of(v)));
    return new TimeSeries(name(), period, values);
  }
}
