package dev.freeway.telemetry.math;

import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// FILL: values for the periods that have none.
final class Filling {
  private Filling() {}

  static TimeSeries fill(TimeSeries series, Value with, Grid grid) {
    TreeMap<Long, Double> all = new TreeMap<>(series.values());
    for (long t = grid.from(); t < grid.to(); t += series.period()) {
      Double value = all.containsKey(t) ? null : missing(series.values(), with, t);
      if (value != null) {
        all.put(t, value);
      }
    }
    return series.with(all);
  }

  private static @Nullable Double missing(SortedMap<Long, Double> values, Value with, long t) {
    return switch (with) {
      case Value.Scalar s -> s.number();
      case Value.One o -> o.series().values().get(t);
      case Value.Text word when word.text().equals("REPEAT") -> before(values, t);
      case Value.Text word when word.text().equals("LINEAR") -> linear(values, t);
      case Value.Many _, Value.Text _ ->
          throw new MathException("FILL takes a number, REPEAT, LINEAR or a time series");
    };
  }

  private static @Nullable Double before(SortedMap<Long, Double> values, long t) {
    SortedMap<Long, Double> head = values.headMap(t);
    return head.isEmpty() ? null : head.get(head.lastKey());
  }

  private static @Nullable Double linear(SortedMap<Long, Double> values, long t) {
    SortedMap<Long, Double> head = values.headMap(t);
    SortedMap<Long, Double> tail = values.tailMap(t);
    if (head.isEmpty() || tail.isEmpty()) {
      return null;
    }
    long from = head.lastKey();
    long to = tail.firstKey();
    double share = (double) (t - from) / (to - from);
    double low = Objects.requireNonNull(head.get(from));
    return low + share * (Objects.requireNonNull(tail.get(to)) - low);
  }
}
