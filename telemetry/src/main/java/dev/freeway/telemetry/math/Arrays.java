package dev.freeway.telemetry.math;

import java.util.Comparator;
import java.util.List;

/// Functions over several series.
final class Arrays {
  private Arrays() {}

  static Value apply(String name, List<Value> in) {
    return switch (name) {
      case "FIRST" -> {
        Functions.count(name, in, 1, 1);
        yield new Value.One(some(name, in).getFirst());
      }
      case "LAST" -> {
        Functions.count(name, in, 1, 1);
        yield new Value.One(some(name, in).getLast());
      }
      case "METRIC_COUNT" -> {
        Functions.count(name, in, 1, 1);
        yield new Value.Scalar(many(name, in.getFirst()).size());
      }
      case "REMOVE_EMPTY" -> {
        Functions.count(name, in, 1, 1);
        yield new Value.Many(
            many(name, in.getFirst()).stream().filter(s -> !s.values().isEmpty()).toList());
      }
      case "SLICE" -> slice(name, in);
      case "SORT" -> sort(name, in);
      default -> throw new MathException("Unknown function " + name);
    };
  }

  private static Value slice(String name, List<Value> in) {
    Functions.count(name, in, 2, 3);
    List<TimeSeries> all = many(name, in.getFirst());
    int from = bounded(number(name, in.get(1)), all);
    if (in.size() == 2) {
      return new Value.Many(all.subList(from, all.size()));
    }
    int to = bounded(number(name, in.get(2)), all);
    return new Value.Many(all.subList(Math.min(from, to), to));
  }

  private static int bounded(double index, List<TimeSeries> all) {
    return (int) Math.clamp(index, 0, all.size());
  }

  private static Value sort(String name, List<Value> in) {
    Functions.count(name, in, 3, 4);
    Aggregate by = aggregate(text(name, in.get(1)));
    String order = text(name, in.get(2));
    if (!order.equals("ASC") && !order.equals("DESC")) {
      throw new MathException("SORT takes ASC or DESC, not " + order);
    }
    // Empty series have no number to be sorted by: they come last.
    Comparator<TimeSeries> least =
        Comparator.comparingDouble(
            s -> s.values().isEmpty() ? Double.MAX_VALUE : by.of(s.values().values()));
    Comparator<TimeSeries> most =
        Comparator.comparingDouble(
            s -> s.values().isEmpty() ? Double.MAX_VALUE : -by.of(s.values().values()));
    List<TimeSeries> sorted =
        many(name, in.getFirst()).stream().sorted(order.equals("ASC") ? least : most).toList();
    int limit = in.size() < 4 ? sorted.size() : bounded(number(name, in.get(3)), sorted);
    return new Value.Many(sorted.subList(0, limit));
  }

  private static Aggregate aggregate(String name) {
    return switch (name) {
      case "AVG" -> Aggregate.AVG;
      case "MIN" -> Aggregate.MIN;
      case "MAX" -> Aggregate.MAX;
      case "SUM" -> Aggregate.SUM;
      default -> throw new MathException("SORT takes AVG, MIN, MAX or SUM, not " + name);
    };
  }

  private static List<TimeSeries> some(String name, List<Value> in) {
    List<TimeSeries> all = many(name, in.getFirst());
    if (all.isEmpty()) {
      throw new MathException("Function " + name + " cannot be applied to an empty array");
    }
    return all;
  }

  private static List<TimeSeries> many(String name, Value value) {
    return switch (value) {
      case Value.Many m -> m.series();
      case Value.One o -> List.of(o.series());
      case Value.Scalar _, Value.Text _ -> throw wrong(name, "an array of time series", value);
    };
  }

  static TimeSeries one(String name, Value value) {
    if (value instanceof Value.One o) {
      return o.series();
    }
    throw wrong(name, "a time series", value);
  }

  static double number(String name, Value value) {
    if (value instanceof Value.Scalar s) {
      return s.number();
    }
    throw wrong(name, "a number", value);
  }

  static String text(String name, Value value) {
    if (value instanceof Value.Text t) {
      return t.text();
    }
    throw wrong(name, "a string", value);
  }

  private static MathException wrong(String name, String wanted, Value value) {
    return new MathException(
        "Function " + name + " takes " + wanted + " where it has a " + value.kind());
  }
}
