package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.DimensionFilter;
import dev.freeway.cloudwatch.api.ListMetricsInput;
import dev.freeway.cloudwatch.api.ListMetricsOutput;
import dev.freeway.cloudwatch.api.Metric;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Page;
import dev.freeway.telemetry.Known;
import dev.freeway.telemetry.MetricStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/// Metrics that were written to in the last two weeks.
final class ListMetrics implements Handler<ListMetricsInput, ListMetricsOutput> {
  private static final int PAGE = 500;

  private final MetricStore metrics;

  ListMetrics(MetricStore metrics) {
    this.metrics = metrics;
  }

  @Override
  public ListMetricsOutput handle(Call call, ListMetricsInput in) {
    // The store knows the last time to within an hour.
    Duration within = in.recentlyActive() == null ? Duration.ofDays(14) : Duration.ofHours(3);
    Instant since = call.at().minus(within).minus(Duration.ofHours(1));
    List<Known> found =
        metrics.metrics(Dimensions.owner(call.scope()), in.namespace(), in.metricName()).stream()
            .filter(k -> !k.last().isBefore(since))
            .filter(k -> matches(k.metric().dimensions(), in.dimensions()))
            .sorted(java.util.Comparator.comparing(ListMetrics::key))
            .toList();
    var page = Page.of(found, ListMetrics::key, in.nextToken(), PAGE, PAGE, Refusals.badToken());
    return ListMetricsOutput.builder()
        .metrics(page.map(k -> api(k.metric())))
        .nextToken(page.nextToken())
        .owningAccounts(
            Boolean.TRUE.equals(in.includeLinkedAccounts()) ? page.map(k -> call.account()) : null)
        .build();
  }

  static Metric api(dev.freeway.telemetry.Metric m) {
    return Metric.builder()
        .namespace(m.namespace())
        .metricName(m.name())
        .dimensions(Dimensions.list(m.dimensions()))
        .build();
  }

  private static String key(Known k) {
    return k.metric().namespace() + "\n" + k.metric().name() + "\n" + k.metric().dimensions();
  }

  private static boolean matches(SortedMap<String, String> has, List<DimensionFilter> filters) {
    return filters == null
        || filters.stream()
            .allMatch(
                f ->
                    f.value() == null
                        ? has.containsKey(f.name())
                        : f.value().equals(has.get(f.name())));
  }
}
