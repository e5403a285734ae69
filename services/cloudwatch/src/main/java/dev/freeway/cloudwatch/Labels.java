package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.MetricDataQuery;
import dev.freeway.cloudwatch.api.MetricStat;
import dev.freeway.platform.Scope;
import dev.freeway.telemetry.math.TimeSeries;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a result is called: what its query says, with `${MAX}` and the like filled in, or a name
/// that tells it from the others.
final class Labels {
  private static final Pattern DYNAMIC =
      Pattern.compile(
          "\\$\\{(LABEL|AVG|MAX|MIN|SUM|FIRST|LAST|DATAPOINT_COUNT|PROP\\('([^']*)'\\))}");

  private Labels() {}

  static String of(
      Scope scope, MetricDataQuery q, TimeSeries series, Collection<MetricDataQuery> all) {
    String plain = plain(q, series, all);
    if (q.label() == null || q.label().isEmpty()) {
      return plain;
    }
    return DYNAMIC
        .matcher(q.label())
        .replaceAll(m -> Matcher.quoteReplacement(filled(scope, q, series, plain, m)));
  }

  private static String plain(
      MetricDataQuery q, TimeSeries series, Collection<MetricDataQuery> all) {
    if (q.metricStat() == null) {
      boolean named = q.expression().contains("SEARCH") || q.expression().contains("METRICS");
      return named && !series.label().isEmpty() ? series.label() : q.id();
    }
    String name = q.metricStat().metric().metricName();
    long same =
        all.stream()
            .filter(o -> o.metricStat() != null)
            .filter(o -> name.equals(o.metricStat().metric().metricName()))
            .count();
    var dimensions = q.metricStat().metric().dimensions();
    if (same < 2 || dimensions == null || dimensions.isEmpty()) {
      return name;
    }
    return String.join(" ", dimensions.stream().map(d -> d.value()).toList()) + " " + name;
  }

  private static String filled(
      Scope scope,
      MetricDataQuery q,
      TimeSeries series,
      String plain,
      java.util.regex.MatchResult m) {
    if (m.group(1).equals("LABEL")) {
      return plain;
    }
    if (m.group(2) != null) {
      return property(scope, q, m.group(2));
    }
    var values = series.values();
    if (m.group(1).equals("DATAPOINT_COUNT")) {
      return Integer.toString(values.size());
    }
    if (values.isEmpty()) {
      return "--";
    }
    DoubleSummaryStatistics s = values.values().stream().mapToDouble(v -> v).summaryStatistics();
    return number(
        switch (m.group(1)) {
          case "AVG" -> s.getAverage();
          case "MAX" -> s.getMax();
          case "MIN" -> s.getMin();
          case "SUM" -> s.getSum();
          case "FIRST" -> values.sequencedValues().getFirst();
          default -> values.sequencedValues().getLast();
        });
  }

  private static String property(Scope scope, MetricDataQuery q, String name) {
    MetricStat s = q.metricStat();
    if (name.equals("Region")) {
      return scope.region();
    }
    if (name.equals("AccountId")) {
      return scope.account();
    }
    if (s == null) {
      return "";
    }
    return switch (name) {
      case "MetricName" -> s.metric().metricName();
      case "Namespace" -> s.metric().namespace();
      case "Period" -> Integer.toString(s.period());
      case "Stat" -> s.stat();
      default ->
          s.metric().dimensions() == null
              ? ""
              : s.metric().dimensions().stream()
                  .filter(d -> name.equals("Dim." + d.name()))
                  .map(d -> d.value())
                  .findFirst()
                  .orElse("");
    };
  }

  private static String number(double d) {
    return d == Math.rint(d) && Math.abs(d) < 1e15 ? Long.toString((long) d) : Double.toString(d);
  }
}
