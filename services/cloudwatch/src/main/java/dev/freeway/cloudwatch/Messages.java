package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.Dimension;
import dev.freeway.cloudwatch.api.MetricAlarm;
import dev.freeway.cloudwatch.api.MetricDataQuery;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What an alarm says to an SNS topic and to a function: AWS's messages, key by key.
final class Messages {
  private static final Map<String, String> REGIONS =
      Map.ofEntries(
          Map.entry("us-east-1", "US East (N. Virginia)"),
          Map.entry("us-east-2", "US East (Ohio)"),
          Map.entry("us-west-1", "US West (N. California)"),
          Map.entry("us-west-2", "US West (Oregon)"),
          Map.entry("ca-central-1", "Canada (Central)"),
          Map.entry("eu-west-1", "EU (Ireland)"),
          Map.entry("eu-west-2", "EU (London)"),
          Map.entry("eu-west-3", "EU (Paris)"),
          Map.entry("eu-central-1", "EU (Frankfurt)"),
          Map.entry("eu-north-1", "EU (Stockholm)"),
          Map.entry("ap-south-1", "Asia Pacific (Mumbai)"),
          Map.entry("ap-northeast-1", "Asia Pacific (Tokyo)"),
          Map.entry("ap-northeast-2", "Asia Pacific (Seoul)"),
          Map.entry("ap-southeast-1", "Asia Pacific (Singapore)"),
          Map.entry("ap-southeast-2", "Asia Pacific (Sydney)"),
          Map.entry("sa-east-1", "South America (Sao Paulo)"));

  private Messages() {}

  private static String region(StoredAlarm a) {
    return REGIONS.getOrDefault(a.scope().region(), a.scope().region());
  }

  /// SNS takes 100 printable characters.
  static String subject(StoredAlarm a) {
    String all = a.state() + ": \"" + a.name() + "\" in " + region(a);
    String plain = all.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 99 ? plain.substring(0, 96) + "..." : plain;
  }

  static Map<String, Object> of(Actions.Pending p) {
    StoredAlarm a = p.alarm();
    Map<String, Object> all =
        Json.map(
            "AlarmName", a.name(),
            "AlarmDescription", a.description(),
            "AWSAccountId", a.scope().account(),
            "AlarmConfigurationUpdatedTimestamp", Json.time(a.configured()),
            "NewStateValue", a.state(),
            "NewStateReason", a.reason(),
            "StateChangeTime", Json.time(a.stateUpdated()),
            "Region", region(a),
            "AlarmArn", a.arn(),
            "OldStateValue", p.before().state(),
            "OKActions", a.actions(StoredAlarm.OK),
            "AlarmActions", a.actions(StoredAlarm.ALARM),
            "InsufficientDataActions", a.actions(StoredAlarm.UNKNOWN));
    if (a.metric() != null) {
      all.put("Trigger", trigger(a.ofMetric()));
    } else {
      all.put("AlarmRule", a.ofAlarms().alarmRule());
    }
    return all;
  }

  /// For functions.
  static Map<String, Object> event(Actions.Pending p) {
    StoredAlarm a = p.alarm();
    return Json.map(
        "source", "aws.cloudwatch",
        "alarmArn", a.arn(),
        "accountId", a.scope().account(),
        "time", Json.time(p.at()),
        "region", a.scope().region(),
        "alarmData",
            Json.map(
                "alarmName", a.name(),
                "state", Transitions.state(a),
                "previousState", Transitions.state(p.before()),
                "configuration", Configurations.brief(a)));
  }

  private static Map<String, Object> trigger(MetricAlarm a) {
    Map<String, Object> all = Json.map();
    boolean single = a.metrics() == null || a.metrics().isEmpty();
    if (single) {
      all.put("MetricName", a.metricName());
      all.put("Namespace", a.namespace());
      boolean extended = a.statistic() == null;
      all.put("StatisticType", extended ? "ExtendedStatistic" : "Statistic");
      if (extended) {
        all.put("ExtendedStatistic", a.extendedStatistic());
      } else {
        all.put("Statistic", a.statistic().toUpperCase(Locale.ROOT));
      }
      all.put("Unit", a.unit());
      all.put("Dimensions", dimensions(a.dimensions()));
      all.put("Period", a.period());
    } else {
      all.put("Period", AlarmQueries.of(a).period());
    }
    all.put("EvaluationPeriods", a.evaluationPeriods());
    if (a.datapointsToAlarm() != null) {
      all.put("DatapointsToAlarm", a.datapointsToAlarm());
    }
    all.put("ComparisonOperator", a.comparisonOperator());
    all.put("Threshold", a.threshold());
    all.put("TreatMissingData", a.treatMissingData() == null ? "missing" : a.treatMissingData());
    all.put(
        "EvaluateLowSampleCountPercentile",
        a.evaluateLowSampleCountPercentile() == null ? "" : a.evaluateLowSampleCountPercentile());
    if (!single) {
      all.put("Metrics", a.metrics().stream().map(Messages::query).toList());
    }
    return all;
  }

  private static Map<String, Object> query(MetricDataQuery q) {
    Map<String, Object> all = Json.map("Id", q.id());
    if (q.expression() != null) {
      all.put("Expression", q.expression());
    } else {
      var s = q.metricStat();
      Map<String, Object> metric =
          Json.map(
              "Dimensions", dimensions(s.metric().dimensions()),
              "MetricName", s.metric().metricName(),
              "Namespace", s.metric().namespace());
      all.put("MetricStat", Json.map("Metric", metric, "Period", s.period(), "Stat", s.stat()));
    }
    if (q.label() != null) {
      all.put("Label", q.label());
    }
    all.put("ReturnData", Queries.returned(q));
    return all;
  }

  private static List<Map<String, Object>> dimensions(List<Dimension> dimensions) {
    return dimensions == null
        ? List.of()
        : dimensions.stream().map(d -> Json.map("value", d.value(), "name", d.name())).toList();
  }
}
