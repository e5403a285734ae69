package dev.freeway.telemetry.math;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// IF: for each time of the condition the value of one of two.
final class Choice {
  private Choice() {}

  /// @param otherwise null: nothing where the condition is false
  static Value of(Value condition, Value then, @Nullable Value otherwise) {
    return switch (condition) {
      case Value.Scalar s -> {
        Value chosen = s.number() != 0 ? then : otherwise;
        yield chosen == null ? new Value.Many(java.util.List.of()) : chosen;
      }
      case Value.One c -> new Value.One(byTime(c.series(), then, otherwise));
      case Value.Many _, Value.Text _ ->
          throw new MathException("IF takes a number or a time series as its condition");
    };
  }

  private static TimeSeries byTime(TimeSeries condition, Value then, @Nullable Value otherwise) {
    TreeMap<Long, Double> all = new TreeMap<>();
    condition
        .values()
        .forEach(
            (t, v) -> {
              Double value = at(v != 0 ? then : otherwise, t);
              if (value != null) {
                TimeSeries.put(all, t, value);
              }
            });
    return condition.with(all);
  }

  private static @Nullable Double at(@Nullable Value value, Long time) {
    return switch (value) {
      case null -> null;
      case Value.Scalar s -> s.number();
      case Value.One o -> o.series().values().get(time);
      case Value.Many _, Value.Text _ ->
          throw new MathException("IF chooses between numbers and time series");
    };
  }
}
