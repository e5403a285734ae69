package dev.freeway.logs;

import dev.freeway.logs.api.*;
import dev.freeway.logs.pattern.FilterPattern;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Metric filters: kept and tested here; [MetricFeed] does what they say.
final class MetricFilters {
  private static final Table<MetricFilter> TABLE =
      new Table<>("logs_metric_filters", MetricFilter.class);
  private static final int PAGE = 50;

  private final Store store;
  private final LogGroups groups;
  private final MetricFeed feed;

  MetricFilters(Store store, LogGroups groups, MetricFeed feed) {
    this.feed = feed;
    this.store = store;
    this.groups = groups;
  }

  Structure.Empty put(Call call, PutMetricFilterRequest in) {
    parse(in.filterPattern());
    in.metricTransformations().forEach(MetricFilters::check);
    store.update(
        tx -> {
          Group group = groups.require(tx, call.scope(), in.logGroupName());
          MetricFilter filter =
              MetricFilter.builder()
                  .filterName(in.filterName())
                  .filterPattern(in.filterPattern())
                  .metricTransformations(in.metricTransformations())
                  .creationTime(call.at().toEpochMilli())
                  .logGroupName(group.name())
                  .applyOnTransformedLogs(in.applyOnTransformedLogs())
                  .build();
          tx.put(TABLE, group.scope().key(group.name(), in.filterName()), filter);
          tx.afterCommit(() -> feed.forget(group));
        });
    return new Structure.Empty();
  }

  DescribeMetricFiltersResponse describe(Call call, DescribeMetricFiltersRequest in) {
    String prefix = in.filterNamePrefix() == null ? "" : in.filterNamePrefix();
    return store.read(
        tx -> {
          List<Row<MetricFilter>> rows;
          if (in.logGroupName() == null) {
            rows = tx.scan(TABLE, Key.prefix(call.account(), call.region()));
          } else {
            groups.require(tx, call.scope(), in.logGroupName());
            rows = tx.scan(TABLE, call.key(in.logGroupName(), prefix));
          }
          List<Row<MetricFilter>> wanted =
              rows.stream()
                  .filter(r -> r.value().filterName().startsWith(prefix))
                  .filter(
                      r ->
                          in.metricName() == null
                              || r.value().metricTransformations().stream()
                                  .anyMatch(
                                      t ->
                                          t.metricName().equals(in.metricName())
                                              && t.metricNamespace().equals(in.metricNamespace())))
                  .toList();
          var page =
              Page.of(
                  wanted, Row::key, in.nextToken(), in.limit(), PAGE, GroupOperations.badToken());
          return DescribeMetricFiltersResponse.builder()
              .metricFilters(page.map(Row::value))
              .nextToken(page.nextToken())
              .build();
        });
  }

  Structure.Empty delete(Call call, DeleteMetricFilterRequest in) {
    store.update(
        tx -> {
          Group group = groups.require(tx, call.scope(), in.logGroupName());
          if (!tx.delete(TABLE, group.scope().key(group.name(), in.filterName()))) {
            throw LogsErrors.resourceNotFoundException(
                "The specified metric filter does not exist.");
          }
          tx.afterCommit(() -> feed.forget(group));
        });
    return new Structure.Empty();
  }

  TestMetricFilterResponse test(Call call, TestMetricFilterRequest in) {
    FilterPattern pattern = parse(in.filterPattern());
    List<MetricFilterMatchRecord> matches = new ArrayList<>();
    for (int i = 0; i < in.logEventMessages().size(); i++) {
      String message = in.logEventMessages().get(i);
      if (pattern.matches(message)) {
        Map<String, String> extracted = pattern.extract(message);
        matches.add(new MetricFilterMatchRecord((long) i + 1, message, extracted));
      }
    }
    return TestMetricFilterResponse.builder().matches(matches).build();
  }

  private static FilterPattern parse(String text) {
    try {
      return FilterPattern.parse(text);
    } catch (IllegalArgumentException e) {
      throw LogsErrors.invalidParameterException(
          "Invalid metric filter pattern: " + e.getMessage());
    }
  }

  private static void check(MetricTransformation t) {
    if (t.metricNamespace().startsWith("AWS/")) {
      throw LogsErrors.invalidParameterException(
          "Invalid metric transformation: namespaces that start with AWS/ are AWS's own.");
    }
    boolean dimensions = t.dimensions() != null && !t.dimensions().isEmpty();
    if (dimensions && t.defaultValue() != null) {
      throw LogsErrors.invalidParameterException(
          "Invalid metric transformation: dimensions and default value are mutually exclusive properties.");
    }
    if (dimensions && t.dimensions().size() > 3) {
      throw LogsErrors.invalidParameterException(
          "Invalid metric transformation: at most 3 dimensions.");
    }
    if (!t.metricValue().startsWith("$")) {
      try {
        Double.parseDouble(t.metricValue());
      } catch (NumberFormatException e) {
        throw LogsErrors.invalidParameterException(
            "Invalid metric transformation: the metric value is neither a number nor a selector.");
      }
    }
  }

  static List<MetricFilter> of(ReadTx tx, Group group) {
    return tx
        .scan(TABLE, Key.prefix(group.scope().account(), group.scope().region(), group.name()))
        .stream()
        .map(Row::value)
        .toList();
  }

  static int count(ReadTx tx, Group group) {
    return (int)
        tx.count(TABLE, Key.prefix(group.scope().account(), group.scope().region(), group.name()));
  }

  static void deleteAll(Tx tx, Group group) {
    tx.deletePrefix(
        TABLE, Key.prefix(group.scope().account(), group.scope().region(), group.name()));
  }
}
