package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.Metric;
import dev.freeway.cloudwatch.api.MetricAlarm;
import dev.freeway.cloudwatch.api.MetricDataQuery;
import dev.freeway.cloudwatch.api.MetricStat;
import java.util.List;

/// What an alarm watches, as queries: its one metric, or its metrics and expressions.
final class AlarmQueries {
  private AlarmQueries() {}

  static Queries of(MetricAlarm a) {
    return a.metrics() == null || a.metrics().isEmpty()
        ? Queries.of(List.of(single(a)), "Metrics")
        : Queries.of(a.metrics(), "Metrics");
  }

  static MetricDataQuery single(MetricAlarm a) {
    return MetricDataQuery.builder()
        .id("m1")
        .metricStat(
            MetricStat.builder()
                .metric(
                    Metric.builder()
                        .namespace(a.namespace())
                        .metricName(a.metricName())
                        .dimensions(a.dimensions())
                        .build())
                .period(a.period())
                .stat(a.statistic() == null ? a.extendedStatistic() : a.statistic())
                .unit(a.unit())
                .build())
        .returnData(true)
        .build();
  }

  /// The one whose values count.
  static String watched(Queries queries) {
    return queries.byId().values().stream()
        .filter(Queries::returned)
        .map(MetricDataQuery::id)
        .findFirst()
        .orElseThrow();
  }
}
