package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.api.ApplicationautoscalingErrors;
import dev.freeway.applicationautoscaling.api.StepAdjustment;
import dev.freeway.applicationautoscaling.api.StepScalingPolicyConfiguration;
import java.util.Comparator;
import java.util.List;

/// What a step scaling policy makes of a metric that is so far beyond its alarm's threshold.
final class Steps {
  private static final double FAR = Double.MAX_VALUE;

  private Steps() {}

  private static double from(StepAdjustment s) {
    return s.metricIntervalLowerBound() == null ? -FAR : s.metricIntervalLowerBound();
  }

  private static double to(StepAdjustment s) {
    return s.metricIntervalUpperBound() == null ? FAR : s.metricIntervalUpperBound();
  }

  /// Intervals neither overlap nor leave gaps. Throws ValidationException.
  static void check(List<StepAdjustment> steps) {
    if (steps.isEmpty()) {
      throw invalid("At least one StepAdjustment must be specified.");
    }
    List<StepAdjustment> sorted =
        steps.stream().sorted(Comparator.comparingDouble(Steps::from)).toList();
    for (int i = 0; i < sorted.size(); i++) {
      if (from(sorted.get(i)) >= to(sorted.get(i))) {
        throw invalid("A step adjustment's lower bound must be less than its upper bound.");
      }
      if (i > 0 && from(sorted.get(i)) < to(sorted.get(i - 1))) {
        throw invalid("StepAdjustment intervals can't overlap.");
      }
      if (i > 0 && from(sorted.get(i)) > to(sorted.get(i - 1))) {
        throw invalid("StepAdjustment intervals can't have gaps between them.");
      }
    }
  }

  private static dev.freeway.wire.AwsException invalid(String message) {
    return ApplicationautoscalingErrors.validationException(message);
  }

  /// The capacity to have.
  ///
  /// @param beyond the metric's value less the threshold
  static int capacity(StepScalingPolicyConfiguration c, int now, double beyond) {
    // Above the threshold the lower bound belongs to a step, below it the upper one.
    StepAdjustment step =
        c.stepAdjustments().stream()
            .filter(
                s ->
                    beyond >= 0
                        ? beyond >= from(s) && beyond < to(s)
                        : beyond > from(s) && beyond <= to(s))
            .findFirst()
            .orElse(null);
    if (step == null) {
      return now;
    }
    int by = step.scalingAdjustment();
    return switch (c.adjustmentType()) {
      case "ExactCapacity" -> by;
      case "ChangeInCapacity" -> now + by;
      default -> now + percent(now, by, c.minAdjustmentMagnitude());
    };
  }

  private static int percent(
      int now, int percent, @org.jspecify.annotations.Nullable Integer least) {
    double exact = now * percent / 100.0;
    // As documented: towards zero, but never less than one.
    int change = (int) exact;
    if (change == 0 && percent != 0) {
      change = percent > 0 ? 1 : -1;
    }
    if (least != null && Math.abs(change) < least) {
      change = percent > 0 ? least : -least;
    }
    return change;
  }
}
