package dev.freeway.telemetry.math;

import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;

/// Arithmetic, comparisons and logic. Of two series only the times that both have count.
final class Operators {
  private Operators() {}

  static Value apply(String operator, Value left, Value right) {
    DoubleBinaryOperator f = function(operator);
    return switch (left) {
      case Value.Scalar l ->
          switch (right) {
            case Value.Scalar r -> new Value.Scalar(f.applyAsDouble(l.number(), r.number()));
            case Value.One r -> new Value.One(r.series().map(v -> f.applyAsDouble(l.number(), v)));
            case Value.Many m ->
                new Value.Many(
                    m.series().stream()
                        .map(s -> s.map(v -> f.applyAsDouble(l.number(), v)))
                        .toList());
            case Value.Text _ -> throw wrong(operator, left, right);
          };
      case Value.One l ->
          switch (right) {
            case Value.Scalar r ->
                new Value.One(l.series().map(v -> f.applyAsDouble(v, r.number())));
            case Value.One r -> new Value.One(both(l.series(), r.series(), f));
            case Value.Many m ->
                new Value.Many(
                    m.series().stream()
                        .map(s -> both(l.series(), s, f).labelled(s.label()))
                        .toList());
            case Value.Text _ -> throw wrong(operator, left, right);
          };
      case Value.Many l ->
          switch (right) {
            case Value.Scalar r ->
                new Value.Many(
                    l.series().stream()
                        .map(s -> s.map(v -> f.applyAsDouble(v, r.number())))
                        .toList());
            case Value.One r ->
                new Value.Many(l.series().stream().map(s -> both(s, r.series(), f)).toList());
            case Value.Many _, Value.Text _ -> throw wrong(operator, left, right);
          };
      case Value.Text _ -> throw wrong(operator, left, right);
    };
  }

  private static MathException wrong(String operator, Value left, Value right) {
    return new MathException(
        "Operator " + operator + " cannot be applied to " + left.kind() + " and " + right.kind());
  }

  private static TimeSeries both(TimeSeries left, TimeSeries right, DoubleBinaryOperator f) {
    TreeMap<Long, Double> all = new TreeMap<>();
    left.values()
        .forEach(
            (t, v) -> {
              Double other = right.values().get(t);
              if (other != null) {
                TimeSeries.put(all, t, f.applyAsDouble(v, other));
              }
            });
    return left.with(all);
  }

  private static DoubleBinaryOperator function(String operator) {
    return switch (operator) {
      case "+" -> Double::sum;
      case "-" -> (a, b) -> a - b;
      case "*" -> (a, b) -> a * b;
      case "/" -> (a, b) -> a / b;
      case "^" -> Math::pow;
      case "==" -> (a, b) -> a == b ? 1 : 0;
      case "!=" -> (a, b) -> a != b ? 1 : 0;
      case "<" -> (a, b) -> a < b ? 1 : 0;
      case ">" -> (a, b) -> a > b ? 1 : 0;
      case "<=" -> (a, b) -> a <= b ? 1 : 0;
      case ">=" -> (a, b) -> a >= b ? 1 : 0;
      case "&&" -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
      case "||" -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
      default -> throw new IllegalArgumentException(operator);
    };
  }
}
