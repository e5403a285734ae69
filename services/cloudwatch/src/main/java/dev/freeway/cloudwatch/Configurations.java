package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.Dimension;
import dev.freeway.cloudwatch.api.MetricAlarm;
import dev.freeway.cloudwatch.api.MetricDataQuery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An alarm's configuration as events tell it. See "Alarm events and EventBridge" in the user
/// guide.
final class Configurations {
  private Configurations() {}

  static Map<String, Object> brief(StoredAlarm a) {
    Map<String, Object> all = Json.map("description", a.description());
    if (a.metric() != null) {
      all.put("metrics", metrics(a.ofMetric()));
    } else {
      all.put("alarmRule", a.ofAlarms().alarmRule());
      if (a.ofAlarms().actionsSuppressor() != null) {
        all.put("actionsSuppressor", a.ofAlarms().actionsSuppressor());
        all.put("actionsSuppressorWaitPeriod", a.ofAlarms().actionsSuppressorWaitPeriod());
        all.put(
            "actionsSuppressorExtensionPeriod", a.ofAlarms().actionsSuppressorExtensionPeriod());
      }
    }
    all.values().removeIf(java.util.Objects::isNull);
    return all;
  }

  static Map<String, Object> full(StoredAlarm a) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("alarmName", a.name());
    all.putAll(brief(a));
    all.put("actionsEnabled", a.actionsEnabled());
    all.put("timestamp", Json.time(a.configured()));
    all.put("okActions", a.actions(StoredAlarm.OK));
    all.put("alarmActions", a.actions(StoredAlarm.ALARM));
    all.put("insufficientDataActions", a.actions(StoredAlarm.UNKNOWN));
    MetricAlarm m = a.metric();
    if (m != null) {
      all.put("evaluationPeriods", m.evaluationPeriods());
      all.put("threshold", m.threshold());
      all.put("comparisonOperator", m.comparisonOperator());
      all.put("treatMissingData", m.treatMissingData());
      all.put("datapointsToAlarm", m.datapointsToAlarm());
    }
    all.values().removeIf(java.util.Objects::isNull);
    return all;
  }

  private static List<Map<String, Object>> metrics(MetricAlarm a) {
    if (a.metrics() != null && !a.metrics().isEmpty()) {
      return a.metrics().stream().map(Configurations::query).toList();
    }
    return List.of(query(AlarmQueries.single(a)));
  }

  private static Map<String, Object> query(MetricDataQuery q) {
    Map<String, Object> all = Json.map("id", q.id());
    if (q.metricStat() == null) {
      all.put("expression", q.expression());
    } else {
      Map<String, Object> metric =
          Json.map(
              "namespace",
              q.metricStat().metric().namespace(),
              "name",
              q.metricStat().metric().metricName(),
              "dimensions",
              dimensions(q.metricStat().metric().dimensions()));
      all.put(
          "metricStat",
          Json.map(
              "metric", metric, "period", q.metricStat().period(), "stat", q.metricStat().stat()));
    }
    if (q.label() != null) {
      all.put("label", q.label());
    }
    all.put("returnData", Queries.returned(q));
    return all;
  }

  private static Map<String, Object> dimensions(List<Dimension> dimensions) {
    Map<String, Object> all = new LinkedHashMap<>();
    Optional.ofNullable(dimensions).orElse(List.of()).forEach(d -> all.put(d.name(), d.value()));
    return all;
  }
}
