package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.Datapoint;
import dev.freeway.cloudwatch.api.GetMetricStatisticsInput;
import dev.freeway.cloudwatch.api.GetMetricStatisticsOutput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.telemetry.MetricStore;
import dev.freeway.telemetry.Point;
import dev.freeway.telemetry.Statistic;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Statistics of one metric, apart by unit.
final class GetMetricStatistics
    implements Handler<GetMetricStatisticsInput, GetMetricStatisticsOutput> {
  private static final int MOST = 1440;

  private final MetricStore metrics;

  GetMetricStatistics(MetricStore metrics) {
    this.metrics = metrics;
  }

  @Override
  public GetMetricStatisticsOutput handle(Call call, GetMetricStatisticsInput in) {
    Map<String, Statistic> extended = extended(in);
    Periods.check(in.period(), "Period");
    if (!in.startTime().isBefore(in.endTime())) {
      throw Refusals.combination(
          "The parameter StartTime must be less than the parameter EndTime.");
    }
    Instant from = Periods.start(in.startTime(), in.period());
    long asked = Periods.count(from, in.endTime(), in.period());
    if (asked > MOST) {
      throw Refusals.combination(
          "You have requested up to "
              + String.format(java.util.Locale.ROOT, "%,d", asked)
              + " datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.");
    }
    var metric = Dimensions.metric(call.scope(), in.namespace(), in.metricName(), in.dimensions());
    List<Datapoint> points =
        metrics.read(metric, from, in.endTime(), in.period(), !extended.isEmpty()).stream()
            .filter(p -> in.unit() == null || in.unit().equals(p.unit()))
            .map(p -> datapoint(p, in.statistics(), extended))
            .toList();
    return GetMetricStatisticsOutput.builder().label(in.metricName()).datapoints(points).build();
  }

  private static Map<String, Statistic> extended(GetMetricStatisticsInput in) {
    boolean none = in.extendedStatistics() == null || in.extendedStatistics().isEmpty();
    if (none && (in.statistics() == null || in.statistics().isEmpty())) {
      throw Refusals.combination("Must specify either Statistics or ExtendedStatistics.");
    }
    Map<String, Statistic> all = new LinkedHashMap<>();
    int i = 0;
    for (String name : none ? List.<String>of() : in.extendedStatistics()) {
      i++;
      Statistic s = Statistic.parse(name);
      if (s == null) {
        throw Refusals.wrong(name, "ExtendedStatistics.member." + i);
      }
      all.put(name, s);
    }
    return all;
  }

  private static Datapoint datapoint(
      Point p, List<String> statistics, Map<String, Statistic> extended) {
    var b = Datapoint.builder().timestamp(p.at()).unit(p.unit());
    for (String name : statistics == null ? List.<String>of() : statistics) {
      double value = Statistic.Simple.valueOf(name).of(p.summary()).orElseThrow();
      switch (Statistic.Simple.valueOf(name)) {
        case SampleCount -> b.sampleCount(value);
        case Sum -> b.sum(value);
        case Average -> b.average(value);
        case Minimum -> b.minimum(value);
        case Maximum -> b.maximum(value);
      }
    }
    if (!extended.isEmpty()) {
      Map<String, Double> values = new LinkedHashMap<>();
      extended.forEach((name, s) -> s.of(p.summary()).ifPresent(v -> values.put(name, v)));
      b.extendedStatistics(values);
    }
    return b.build();
  }
}
