package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.DescribeAlarmsForMetricInput;
import dev.freeway.cloudwatch.api.DescribeAlarmsForMetricOutput;
import dev.freeway.cloudwatch.api.DescribeAlarmsInput;
import dev.freeway.cloudwatch.api.DescribeAlarmsOutput;
import dev.freeway.cloudwatch.api.MetricAlarm;
import dev.freeway.cloudwatch.api.MetricDataQuery;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Alarms by what is known of them.
final class DescribeAlarms {
  private static final int PAGE = 50;

  private final Store store;
  private final Alarms alarms;

  DescribeAlarms(Store store, Alarms alarms) {
    this.store = store;
    this.alarms = alarms;
  }

  DescribeAlarmsOutput list(Call call, DescribeAlarmsInput in) {
    if (in.alarmNames() != null && !in.alarmNames().isEmpty() && in.alarmNamePrefix() != null) {
      throw Refusals.combination(
          "AlarmNames and AlarmNamePrefix are mutually exclusive and you have specified both.");
    }
    // Without types, metric alarms alone are told of: clients from before composite alarms.
    List<String> types =
        in.alarmTypes() == null || in.alarmTypes().isEmpty()
            ? List.of("MetricAlarm")
            : in.alarmTypes();
    boolean family = in.childrenOfAlarmName() != null || in.parentsOfAlarmName() != null;
    List<StoredAlarm> found =
        store.read(tx -> candidates(tx, call, in)).stream()
            .filter(a -> family || types.contains(a.type()))
            .filter(a -> in.stateValue() == null || in.stateValue().equals(a.state()))
            .filter(a -> in.actionPrefix() == null || acts(a, in.actionPrefix()))
            .toList();
    var page =
        Page.of(
            found, StoredAlarm::name, in.nextToken(), in.maxRecords(), PAGE, Refusals.badToken());
    return DescribeAlarmsOutput.builder()
        .metricAlarms(
            page.items().stream().map(StoredAlarm::metric).filter(Objects::nonNull).toList())
        .compositeAlarms(
            page.items().stream().map(StoredAlarm::composite).filter(Objects::nonNull).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private List<StoredAlarm> candidates(ReadTx tx, Call call, DescribeAlarmsInput in) {
    List<StoredAlarm> all = alarms.all(tx, call.scope());
    if (in.childrenOfAlarmName() != null) {
      Set<String> names =
          alarms
              .named(tx, call.scope(), in.childrenOfAlarmName())
              .filter(a -> a.composite() != null)
              .map(a -> AlarmRule.parse(a.ofAlarms().alarmRule()).names())
              .orElse(Set.of());
      return all.stream().filter(a -> names.contains(a.name())).toList();
    }
    if (in.parentsOfAlarmName() != null) {
      String child = Alarms.plain(in.parentsOfAlarmName());
      return all.stream()
          .filter(a -> a.composite() != null)
          .filter(a -> AlarmRule.parse(a.ofAlarms().alarmRule()).names().contains(child))
          .toList();
    }
    if (in.alarmNames() != null && !in.alarmNames().isEmpty()) {
      Set<String> names =
          in.alarmNames().stream().map(Alarms::plain).collect(java.util.stream.Collectors.toSet());
      return all.stream().filter(a -> names.contains(a.name())).toList();
    }
    String prefix = in.alarmNamePrefix() == null ? "" : in.alarmNamePrefix();
    return all.stream().filter(a -> a.name().startsWith(prefix)).toList();
  }

  private static boolean acts(StoredAlarm a, String prefix) {
    return List.of(StoredAlarm.OK, StoredAlarm.ALARM, StoredAlarm.UNKNOWN).stream()
        .anyMatch(s -> a.actions(s).stream().anyMatch(arn -> arn.startsWith(prefix)));
  }

  DescribeAlarmsForMetricOutput forMetric(Call call, DescribeAlarmsForMetricInput in) {
    var metric = Dimensions.metric(call.scope(), in.namespace(), in.metricName(), in.dimensions());
    List<MetricAlarm> found =
        store.read(tx -> alarms.all(tx, call.scope())).stream()
            .map(StoredAlarm::metric)
            .filter(Objects::nonNull)
            .filter(a -> queries(a).stream().anyMatch(q -> watches(call, q, metric, in)))
            .toList();
    return DescribeAlarmsForMetricOutput.builder().metricAlarms(found).build();
  }

  private static List<MetricDataQuery> queries(MetricAlarm a) {
    return a.metrics() == null || a.metrics().isEmpty()
        ? List.of(AlarmQueries.single(a))
        : a.metrics();
  }

  private static boolean watches(
      Call call,
      MetricDataQuery q,
      dev.freeway.telemetry.Metric metric,
      DescribeAlarmsForMetricInput in) {
    if (q.metricStat() == null) {
      return false;
    }
    var m = q.metricStat().metric();
    String stat = in.statistic() == null ? in.extendedStatistic() : in.statistic();
    return Dimensions.metric(call.scope(), m.namespace(), m.metricName(), m.dimensions())
            .equals(metric)
        && (stat == null || stat.equals(q.metricStat().stat()))
        && (in.period() == null || in.period().equals(q.metricStat().period()))
        && (in.unit() == null || in.unit().equals(q.metricStat().unit()));
  }
}
