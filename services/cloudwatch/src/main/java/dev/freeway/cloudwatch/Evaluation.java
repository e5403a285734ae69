package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.MetricDataQuery;
import dev.freeway.cloudwatch.api.MetricStat;
import dev.freeway.platform.Scope;
import dev.freeway.telemetry.Metric;
import dev.freeway.telemetry.MetricStore;
import dev.freeway.telemetry.Point;
import dev.freeway.telemetry.Statistic;
import dev.freeway.telemetry.Summary;
import dev.freeway.telemetry.math.Grid;
import dev.freeway.telemetry.math.MathException;
import dev.freeway.telemetry.math.Names;
import dev.freeway.telemetry.math.TimeSeries;
import dev.freeway.telemetry.math.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Queries over a range of time. Each is computed once, when asked for.
final class Evaluation implements Names {
  private static final int MOST_FOUND = 100;

  private final MetricStore metrics;
  private final Scope scope;
  private final Queries queries;
  private final Instant from;
  private final Instant to;
  private final Map<String, Value> values = new HashMap<>();

  /// @param from a period's start
  Evaluation(MetricStore metrics, Scope scope, Queries queries, Instant from, Instant to) {
    this.metrics = metrics;
    this.scope = scope;
    this.queries = queries;
    this.from = from;
    this.to = to;
  }

  /// @throws dev.freeway.wire.AwsException the expression has no value
  List<TimeSeries> series(String id) {
    try {
      return switch (get(id)) {
        case Value.One o -> List.of(o.series());
        case Value.Many m -> m.series();
        case Value.Scalar s -> List.of(constant(s.number()));
        case Value.Text _ -> throw new MathException("A string is no result");
      };
    } catch (MathException e) {
      throw Queries.wrong(id, e);
    }
  }

  private TimeSeries constant(double number) {
    Grid grid = grid();
    TreeMap<Long, Double> all = new TreeMap<>();
    if (Double.isFinite(number)) {
      for (long t = grid.from(); t < grid.to(); t += grid.period()) {
        all.put(t, number);
      }
    }
    return new TimeSeries("", grid.period(), all);
  }

  @Override
  public Value get(String id) {
    Value known = values.get(id);
    if (known == null) {
      MetricDataQuery q = queries.query(id);
      known =
          q.metricStat() == null
              ? queries.expression(id).value(this)
              : new Value.One(read(q.metricStat()));
      values.put(id, known);
    }
    return known;
  }

  private TimeSeries read(MetricStat s) {
    Metric metric =
        Dimensions.metric(
            scope, s.metric().namespace(), s.metric().metricName(), s.metric().dimensions());
    return read(metric, s.stat(), s.period(), s.unit());
  }

  private TimeSeries read(Metric metric, String stat, int period, @Nullable String unit) {
    Statistic statistic = Statistic.parse(stat);
    if (statistic == null) {
      throw new MathException("Unknown statistic " + stat);
    }
    TreeMap<Long, Summary> sums = new TreeMap<>();
    Instant start = Periods.start(from, period);
    for (Point p : metrics.read(metric, start, to, period, statistic.needsShape())) {
      if (unit == null || unit.equals(p.unit())) {
        sums.merge(p.at().getEpochSecond(), p.summary(), Summary::plus);
      }
    }
    TreeMap<Long, Double> all = new TreeMap<>();
    sums.forEach((t, s) -> statistic.of(s).ifPresent(v -> all.put(t, v)));
    return new TimeSeries(metric.name(), period, all);
  }

  @Override
  public List<TimeSeries> metrics(@Nullable String part) {
    return queries.byId().values().stream()
        .filter(q -> q.metricStat() != null && (part == null || q.id().contains(part)))
        .map(q -> ((Value.One) get(q.id())).series())
        .toList();
  }

  @Override
  public List<TimeSeries> search(String query, String statistic, int period) {
    SearchQuery search = SearchQuery.parse(query);
    int by = period == 0 ? queries.period() : period;
    if (by != 1 && by != 5 && by != 10 && by != 20 && by != 30 && by % 60 != 0 || by <= 0) {
      throw new MathException("SEARCH cannot use the period " + by);
    }
    Instant active = from.minus(Duration.ofHours(1));
    return metrics.metrics(Dimensions.owner(scope), search.namespace(), null).stream()
        .filter(k -> !k.last().isBefore(active) && search.matches(k.metric()))
        .limit(MOST_FOUND)
        .map(k -> read(k.metric(), statistic, by, null).labelled(label(k.metric())))
        .toList();
  }

  private static String label(Metric m) {
    return m.dimensions().isEmpty()
        ? m.name()
        : String.join(" ", m.dimensions().values()) + " " + m.name();
  }

  @Override
  public Grid grid() {
    int period = queries.period();
    return new Grid(Periods.start(from, period).getEpochSecond(), to.getEpochSecond(), period);
  }
}
