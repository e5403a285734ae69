package dev.freeway.cloudwatch;

import static dev.freeway.cloudwatch.api.CloudwatchApi.*;

import dev.freeway.cloudwatch.api.CloudwatchApi;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.telemetry.MetricStore;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;

/// CloudWatch: contents page.
public final class Cloudwatch implements Service {
  private final Platform platform;
  private final MetricStore metrics;
  private final PutMetricData putMetricData;
  private final PutMetricAlarm putMetricAlarm;
  private final PutCompositeAlarm putCompositeAlarm;
  private final DescribeAlarms describeAlarms;
  private final AlarmOperations alarmOperations;
  private final History history;
  private final Dashboards dashboards;
  private final AlarmTags tags;
  private final List<Reconciler> reconcilers;

  public Cloudwatch(Platform platform) {
    this.platform = platform;
    metrics =
        platform.settings().ephemeral()
            ? MetricStore.ephemeral()
            : MetricStore.open(platform.settings().data().resolve("state").resolve("metrics"));
    Alarms alarms = new Alarms();
    history = new History(platform.store());
    dashboards = new Dashboards(platform.store());
    Retention retention = new Retention(platform, metrics, history);
    Actions actions = new Actions(platform, history);
    Suppression suppression = new Suppression(platform.flow(), alarms, actions);
    Transitions transitions = new Transitions(platform, alarms, history, suppression);
    putMetricData = new PutMetricData(metrics, retention);
    putMetricAlarm = new PutMetricAlarm(platform, alarms, transitions, retention);
    putCompositeAlarm = new PutCompositeAlarm(platform, alarms, transitions);
    describeAlarms = new DescribeAlarms(platform.store(), alarms);
    alarmOperations = new AlarmOperations(platform, alarms, transitions, suppression);
    List<TaggedResources> tagged =
        List.of(
            TaggedResources.of(
                "cloudwatch",
                alarms::all,
                StoredAlarm::arn,
                StoredAlarm::tags,
                (tx, a, tags) -> alarms.save(tx, a.withTags(tags))),
            TaggedResources.of(
                "cloudwatch",
                dashboards::all,
                Dashboards.Dashboard::arn,
                Dashboards.Dashboard::tags,
                (tx, d, tags) -> dashboards.save(tx, d.withTags(tags))));
    tagged.forEach(platform.tagged()::add);
    tags = new AlarmTags(platform.store(), tagged);
    reconcilers =
        List.of(
            retention,
            actions,
            new Taking(platform, metrics, retention),
            new AlarmEvaluation(platform, metrics, alarms, transitions),
            new CompositeEvaluation(platform, alarms, transitions, suppression));
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return CloudwatchApi.model();
  }

  @Override
  public List<Reconciler> reconcilers() {
    return reconcilers;
  }

  @Override
  public AwsException invalid(List<Violation> violations) {
    return Refusals.model(violations);
  }

  @Override
  public void define(Operations on) {
    on.on(PUT_METRIC_DATA, putMetricData);
    on.on(LIST_METRICS, new ListMetrics(metrics));
    on.on(GET_METRIC_STATISTICS, new GetMetricStatistics(metrics));
    on.on(GET_METRIC_DATA, new GetMetricData(metrics));
    on.on(PUT_METRIC_ALARM, putMetricAlarm);
    on.on(PUT_COMPOSITE_ALARM, putCompositeAlarm);
    on.on(DESCRIBE_ALARMS, describeAlarms::list);
    on.on(DESCRIBE_ALARMS_FOR_METRIC, describeAlarms::forMetric);
    on.on(DESCRIBE_ALARM_HISTORY, history::describe);
    on.on(SET_ALARM_STATE, alarmOperations::set);
    on.on(ENABLE_ALARM_ACTIONS, alarmOperations::enable);
    on.on(DISABLE_ALARM_ACTIONS, alarmOperations::disable);
    on.on(DELETE_ALARMS, alarmOperations::delete);
    on.on(PUT_DASHBOARD, dashboards::put);
    on.on(GET_DASHBOARD, dashboards::get);
    on.on(LIST_DASHBOARDS, dashboards::list);
    on.on(DELETE_DASHBOARDS, dashboards::delete);
    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);
    on.on(LIST_TAGS_FOR_RESOURCE, tags::list);
  }

  @Override
  public void start() {
    platform.store().update(tx -> platform.flow().wake(tx, Taking.KIND, "all"));
  }

  @Override
  public void close() {
    metrics.close();
  }
}
