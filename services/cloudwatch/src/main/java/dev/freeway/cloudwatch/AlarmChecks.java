package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.MetricDataQuery;
import dev.freeway.cloudwatch.api.PutMetricAlarmInput;
import dev.freeway.platform.Arn;
import dev.freeway.telemetry.Statistic;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an alarm may look like, beyond its model.
final class AlarmChecks {
  private static final Set<String> TREATMENTS =
      Set.of("breaching", "notBreaching", "ignore", "missing");
  private static final long DAY = 86_400;

  private AlarmChecks() {}

  static List<String> list(@Nullable List<String> actions) {
    return actions == null ? List.of() : actions;
  }

  static void name(String name) {
    if (!Texts.isName(name)) {
      throw Refusals.value("The parameter AlarmName must not hold control characters.");
    }
  }

  static void actions(@Nullable List<String> actions) {
    for (String a : list(actions)) {
      Texts.check(a, "Actions");
      if (Arn.parse(a).isEmpty()) {
        throw Refusals.validation("Invalid arn syntax: " + a);
      }
    }
  }

  static void metric(PutMetricAlarmInput in) {
    name(in.alarmName());
    Texts.check(in.alarmDescription(), "AlarmDescription");
    actions(in.okActions());
    actions(in.alarmActions());
    actions(in.insufficientDataActions());
    if (in.evaluationCriteria() != null || in.evaluationInterval() != null) {
      throw Refusals.validation("Freeway has no PromQL alarms (EvaluationCriteria).");
    }
    if (in.evaluationPeriods() == null) {
      throw Refusals.missing("EvaluationPeriods");
    }
    if (in.comparisonOperator() == null) {
      throw Refusals.missing("ComparisonOperator");
    }
    if (in.thresholdMetricId() != null
        || Arrays.stream(Comparison.values())
            .noneMatch(c -> c.name().equals(in.comparisonOperator()))) {
      throw Refusals.validation(
          "Freeway has no anomaly detection: ThresholdMetricId and "
              + in.comparisonOperator()
              + " cannot be used.");
    }
    if (in.threshold() == null || !Double.isFinite(in.threshold())) {
      throw in.threshold() == null
          ? Refusals.missing("Threshold")
          : Refusals.wrong(in.threshold(), "Threshold");
    }
    if (in.treatMissingData() != null && !TREATMENTS.contains(in.treatMissingData())) {
      throw Refusals.validation(
          "Option "
              + in.treatMissingData()
              + " for parameter TreatMissingData is invalid: it must be one of breaching, notBreaching, ignore, missing.");
    }
    String low = in.evaluateLowSampleCountPercentile();
    if (low != null && !low.equals("evaluate") && !low.equals("ignore")) {
      throw Refusals.validation(
          "Option " + low + " for parameter EvaluateLowSampleCountPercentile is invalid.");
    }
    if (in.datapointsToAlarm() != null && in.datapointsToAlarm() > in.evaluationPeriods()) {
      throw Refusals.validation(
          "DatapointsToAlarm must be less than or equal to EvaluationPeriods.");
    }
    boolean math = in.metrics() != null && !in.metrics().isEmpty();
    if (math == (in.metricName() != null)) {
      throw Refusals.validation("Exactly one of MetricName and Metrics must be specified.");
    }
    long period = math ? math(in) : single(in);
    long range = period * in.evaluationPeriods();
    if (range > (period >= 3600 ? 7 * DAY : DAY)) {
      throw Refusals.validation(
          "Metrics cannot be checked across more than "
              + (period >= 3600 ? "seven days" : "a day")
              + " (EvaluationPeriods * Period must be <= "
              + (period >= 3600 ? 7 * DAY : DAY)
              + ").");
    }
  }

  private static long single(PutMetricAlarmInput in) {
    if (in.namespace() == null) {
      throw Refusals.missing("Namespace");
    }
    Texts.check(in.namespace(), "Namespace");
    Texts.check(in.metricName(), "MetricName");
    if (in.period() == null) {
      throw Refusals.missing("Period");
    }
    period(in.period());
    Dimensions.map(in.dimensions(), "");
    if ((in.statistic() == null) == (in.extendedStatistic() == null)) {
      throw in.statistic() == null
          ? Refusals.validation("Either Statistic or ExtendedStatistic must be specified.")
          : Refusals.combination("Only one of Statistic and ExtendedStatistic may be specified.");
    }
    if (in.extendedStatistic() != null && Statistic.parse(in.extendedStatistic()) == null) {
      throw Refusals.validation(
          "The value "
              + in.extendedStatistic()
              + " for parameter ExtendedStatistic is not supported.");
    }
    return in.period();
  }

  private static void period(int period) {
    if (period != 10 && period != 20 && period != 30 && period % 60 != 0) {
      throw Refusals.validation("Period must be 10, 20, 30, or a multiple of 60.");
    }
  }

  private static long math(PutMetricAlarmInput in) {
    if (in.namespace() != null
        || in.period() != null
        || in.statistic() != null
        || in.extendedStatistic() != null
        || in.unit() != null
        || in.dimensions() != null && !in.dimensions().isEmpty()) {
      throw Refusals.validation(
          "Namespace, Dimensions, Period, Unit, Statistic and ExtendedStatistic cannot be specified together with Metrics.");
    }
    if (in.metrics().stream().filter(Queries::returned).count() != 1) {
      throw Refusals.validation("Exactly one element of the metrics list should return data.");
    }
    for (MetricDataQuery q : in.metrics()) {
      Texts.check(q.label(), "Label");
      Texts.check(q.expression(), "Expression");
      if (q.expression() != null && q.expression().contains("SEARCH")) {
        throw Refusals.validation("SEARCH is not supported in alarms.");
      }
    }
    Queries queries = Queries.of(in.metrics(), "Metrics");
    period(queries.period());
    return queries.period();
  }
}
