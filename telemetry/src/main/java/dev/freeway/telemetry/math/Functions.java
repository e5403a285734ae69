package dev.freeway.telemetry.math;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The functions by name.
final class Functions {
  private static final Set<String> KNOWN =
      Set.of(
          "ABS",
          "AVG",
          "CEIL",
          "DATAPOINT_COUNT",
          "DATE",
          "DAY",
          "DIFF",
          "DIFF_TIME",
          "EPOCH",
          "FILL",
          "FIRST",
          "FLOOR",
          "HOUR",
          "IF",
          "LAST",
          "LOG",
          "LOG10",
          "MAX",
          "METRICS",
          "METRIC_COUNT",
          "MIN",
          "MINUTE",
          "MONTH",
          "PERIOD",
          "RATE",
          "REMOVE_EMPTY",
          "RUNNING_SUM",
          "SEARCH",
          "SLICE",
          "SORT",
          "STDDEV",
          "SUM",
          "TIME_SERIES",
          "YEAR");
  private static final Set<String> LACKING =
      Set.of(
          "ANOMALY_DETECTION_BAND",
          "DB_PERF_INSIGHTS",
          "INSIGHT_RULE_METRIC",
          "LAMBDA",
          "SERVICE_QUOTA");

  private Functions() {}

  static void require(String name) {
    if (LACKING.contains(name)) {
      throw new MathException("Freeway does not have the function " + name);
    }
    if (!KNOWN.contains(name)) {
      throw new MathException("Unknown function " + name);
    }
  }

  static Value apply(String name, List<Value> in, Names names) {
    return switch (name) {
      case "SUM", "AVG", "MIN", "MAX", "STDDEV", "DATAPOINT_COUNT" -> aggregate(name, in);
      case "ABS" -> each(name, in, s -> s.map(Math::abs));
      case "CEIL" -> each(name, in, s -> s.map(Math::ceil));
      case "FLOOR" -> each(name, in, s -> s.map(Math::floor));
      case "LOG" -> each(name, in, s -> s.map(Math::log));
      case "LOG10" -> each(name, in, s -> s.map(Math::log10));
      case "DIFF" -> each(name, in, s -> Steps.steps(s, (a, b, _) -> b - a));
      case "DIFF_TIME" -> each(name, in, s -> Steps.steps(s, (_, _, t) -> t));
      case "RATE" -> each(name, in, s -> Steps.steps(s, (a, b, t) -> (b - a) / t));
      case "RUNNING_SUM" -> each(name, in, Steps::runningSum);
      case "MINUTE" -> each(name, in, s -> Steps.times(s, t -> t.getMinute()));
      case "HOUR" -> each(name, in, s -> Steps.times(s, t -> t.getHour()));
      case "DAY" -> each(name, in, s -> Steps.times(s, t -> t.getDayOfWeek().getValue()));
      case "DATE" -> each(name, in, s -> Steps.times(s, t -> t.getDayOfMonth()));
      case "MONTH" -> each(name, in, s -> Steps.times(s, t -> t.getMonthValue()));
      case "YEAR" -> each(name, in, s -> Steps.times(s, t -> t.getYear()));
      case "EPOCH" -> each(name, in, s -> Steps.times(s, t -> t.toEpochSecond()));
      case "FILL" -> {
        count(name, in, 2, 2);
        yield each(name, in.subList(0, 1), s -> Filling.fill(s, in.get(1), names.grid()));
      }
      case "IF" -> {
        count(name, in, 2, 3);
        yield Choice.of(in.get(0), in.get(1), in.size() < 3 ? null : in.get(2));
      }
      case "PERIOD" -> {
        count(name, in, 1, 1);
        yield new Value.Scalar(Arrays.one(name, in.getFirst()).period());
      }
      case "TIME_SERIES" -> {
        count(name, in, 1, 1);
        yield new Value.One(names.grid().constant(Arrays.number(name, in.getFirst())));
      }
      case "METRICS" -> {
        count(name, in, 0, 1);
        yield new Value.Many(names.metrics(in.isEmpty() ? null : Arrays.text(name, in.getFirst())));
      }
      case "SEARCH" -> {
        count(name, in, 2, 3);
        int period = in.size() < 3 ? 0 : (int) Arrays.number(name, in.get(2));
        yield new Value.Many(
            names.search(Arrays.text(name, in.get(0)), Arrays.text(name, in.get(1)), period));
      }
      default -> Arrays.apply(name, in);
    };
  }

  static void count(String name, List<Value> in, int least, int most) {
    if (in.size() < least || in.size() > most) {
      throw new MathException("Wrong number of arguments for function " + name);
    }
  }

  private static Value aggregate(String name, List<Value> in) {
    count(name, in, 1, 1);
    return Aggregate.valueOf(name).of(in.getFirst());
  }

  private static Value each(String name, List<Value> in, UnaryOperator<TimeSeries> f) {
    count(name, in, 1, 1);
    return switch (in.getFirst()) {
      case Value.One o -> new Value.One(f.apply(o.series()));
      case Value.Many m -> new Value.Many(m.series().stream().map(f).toList());
      case Value.Scalar _, Value.Text _ ->
          throw new MathException(
              "Function " + name + " cannot be applied to a " + in.getFirst().kind());
    };
  }
}
