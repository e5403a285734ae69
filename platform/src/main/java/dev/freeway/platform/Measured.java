package dev.freeway.platform;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What was measured in some time, added up: one of CloudWatch's samples.
///
/// @param namespace such as `AWS/ECS`
/// @param unit one of CloudWatch's: `Count`, `Seconds`, `Percent` …
/// @param at any time in the minute it was measured in
/// @param sum exact, where the values may be rounded
/// @param values that occurred, as often as `counts` says
public record Measured(
    Scope scope,
    String namespace,
    String name,
    Map<String, String> dimensions,
    String unit,
    Instant at,
    double sum,
    List<Double> values,
    List<Double> counts) {

  public static Measured of(
      Scope scope,
      String namespace,
      String name,
      Map<String, String> dimensions,
      String unit,
      Instant at,
      double value) {
    return times(scope, namespace, name, dimensions, unit, at, value, 1);
  }

  /// The same value, many times.
  public static Measured times(
      Scope scope,
      String namespace,
      String name,
      Map<String, String> dimensions,
      String unit,
      Instant at,
      double value,
      double times) {
    return new Measured(
        scope,
        namespace,
        name,
        dimensions,
        unit,
        at,
        value * times,
        List.of(value),
        List.of(times));
  }
}
