package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.MetricAlarm;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Store;
import dev.freeway.telemetry.MetricStore;
import dev.freeway.telemetry.Statistic;
import dev.freeway.telemetry.math.TimeSeries;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Looks at one metric alarm: every minute, or every ten seconds if its period is that short.
final class AlarmEvaluation implements Reconciler {
  static final String KIND = "cloudwatch.alarm";

  /// After a period's end, so that what is measured in it has come.
  private static final int LATER = 5;

  private final Platform platform;
  private final Store store;
  private final MetricStore metrics;
  private final Alarms alarms;
  private final Transitions transitions;

  AlarmEvaluation(Platform platform, MetricStore metrics, Alarms alarms, Transitions transitions) {
    this.platform = platform;
    this.store = platform.store();
    this.metrics = metrics;
    this.alarms = alarms;
    this.transitions = transitions;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    StoredAlarm alarm = store.read(tx -> alarms.byKey(tx, key)).orElse(null);
    if (alarm == null || alarm.metric() == null) {
      return Outcome.done();
    }
    Instant now = platform.clock().instant();
    Queries queries = AlarmQueries.of(alarm.ofMetric());
    int period = queries.period();
    int step = period < 60 ? 10 : 60;
    int later = period < 60 ? 1 : LATER;
    long end = Math.floorDiv(now.getEpochSecond() - later, step) * step;
    if (!tooFew(alarm, period, end)) {
      evaluate(alarm, queries, period, end, now);
    }
    Duration next = Duration.between(now, Instant.ofEpochSecond(end + step + later));
    return Outcome.retryAfter(next.isPositive() ? next : Duration.ofSeconds(1));
  }

  /// Whether the alarm ignores percentiles of so few samples: of the 99th it takes 1000.
  private boolean tooFew(StoredAlarm alarm, int period, long end) {
    MetricAlarm a = alarm.ofMetric();
    if (!"ignore".equals(a.evaluateLowSampleCountPercentile())
        || a.extendedStatistic() == null
        || !(Statistic.parse(a.extendedStatistic()) instanceof Statistic.Percentile p)) {
      return false;
    }
    double share = p.percent() / 100;
    double least = 10 / Math.max(1e-9, share >= 0.5 ? 1 - share : share);
    var metric = Dimensions.metric(alarm.scope(), a.namespace(), a.metricName(), a.dimensions());
    double samples =
        metrics
            .read(
                metric,
                Instant.ofEpochSecond(end - period),
                Instant.ofEpochSecond(end),
                period,
                false)
            .stream()
            .mapToDouble(point -> point.summary().count())
            .sum();
    return samples > 0 && samples < least;
  }

  private void evaluate(StoredAlarm alarm, Queries queries, int period, long end, Instant now) {
    MetricAlarm a = alarm.ofMetric();
    Instant from =
        Instant.ofEpochSecond(end - (long) period * (a.evaluationPeriods() + Verdict.MORE));
    Evaluation evaluation =
        new Evaluation(metrics, alarm.scope(), queries, from, Instant.ofEpochSecond(end));
    Optional<Verdict> verdict;
    try {
      List<TimeSeries> series = evaluation.series(AlarmQueries.watched(queries));
      SortedMap<Long, Double> points =
          series.isEmpty() ? new TreeMap<>() : series.getFirst().values();
      verdict = Verdict.of(a, period, points, end);
    } catch (AwsException e) {
      // What it watches comes to nothing, such as LAST of an empty search.
      verdict = Optional.of(new Verdict(StoredAlarm.UNKNOWN, e.message(), new TreeMap<>()));
    }
    if (verdict.isEmpty() || verdict.get().state().equals(alarm.state())) {
      return;
    }
    Verdict v = verdict.get();
    String data = data(a, v, period, end, now);
    store.update(
        tx ->
            alarms
                .byKey(tx, alarm.key())
                // Somebody may have changed it since: then it is looked at again anyway.
                .filter(current -> current.equals(alarm))
                .ifPresent(
                    current -> transitions.to(tx, current, v.state(), v.reason(), data, now)));
  }

  private static String data(MetricAlarm a, Verdict v, int period, long end, Instant now) {
    long start = v.recent().isEmpty() ? end - period : v.recent().firstKey();
    var all =
        Json.map(
            "version",
            "1.0",
            "queryDate",
            Json.time(now),
            "startDate",
            Json.time(Instant.ofEpochSecond(start)));
    if (a.statistic() != null || a.extendedStatistic() != null) {
      all.put("statistic", a.statistic() != null ? a.statistic() : a.extendedStatistic());
    }
    if (a.unit() != null) {
      all.put("unit", a.unit());
    }
    all.put("period", period);
    all.put("recentDatapoints", List.copyOf(v.recent().values()));
    all.put("threshold", a.threshold());
    all.put(
        "evaluatedDatapoints",
        v.recent().entrySet().stream()
            .map(
                e ->
                    Json.map(
                        "timestamp",
                        Json.time(Instant.ofEpochSecond(e.getKey())),
                        "value",
                        e.getValue()))
            .toList()
            .reversed());
    return Json.write(all);
  }
}
