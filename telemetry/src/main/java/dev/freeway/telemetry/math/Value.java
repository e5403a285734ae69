package dev.freeway.telemetry.math;

import java.util.List;

/// What an expression comes to.
public sealed interface Value {
  record Scalar(double number) implements Value {}

  record One(TimeSeries series) implements Value {}

  record Many(List<TimeSeries> series) implements Value {}

  record Text(String text) implements Value {}

  /// In the words of CloudWatch's user guide.
  default String kind() {
    return switch (this) {
      case Scalar _ -> "scalar";
      case One _ -> "time series";
      case Many _ -> "array of time series";
      case Text _ -> "string";
    };
  }
}
