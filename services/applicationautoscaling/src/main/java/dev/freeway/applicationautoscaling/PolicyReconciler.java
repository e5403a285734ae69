package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.Scaled.Policy;
import dev.freeway.applicationautoscaling.api.ScalableTarget;
import dev.freeway.applicationautoscaling.api.ScalingPolicy;
import dev.freeway.applicationautoscaling.api.SuspendedState;
import dev.freeway.applicationautoscaling.uses.cloudwatch.CloudwatchApi;
import dev.freeway.applicationautoscaling.uses.cloudwatch.DescribeAlarmsInput;
import dev.freeway.applicationautoscaling.uses.cloudwatch.GetMetricDataInput;
import dev.freeway.applicationautoscaling.uses.cloudwatch.Metric;
import dev.freeway.applicationautoscaling.uses.cloudwatch.MetricAlarm;
import dev.freeway.applicationautoscaling.uses.cloudwatch.MetricDataQuery;
import dev.freeway.applicationautoscaling.uses.cloudwatch.MetricStat;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Scales by one policy while one of its alarms rings: at once, and again every minute after its
/// cooldown, until the alarm falls silent.
final class PolicyReconciler implements Reconciler {
  static final String KIND = "applicationautoscaling.policy";
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final int COOLDOWN = 300;

  private final Platform platform;
  private final Scaled scaled;
  private final EcsCapacity capacity;
  private final Scaling scaling;

  PolicyReconciler(Platform platform, Scaled scaled, EcsCapacity capacity, Scaling scaling) {
    this.platform = platform;
    this.scaled = scaled;
    this.capacity = capacity;
    this.scaling = scaling;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Policy p = platform.store().read(tx -> scaled.policy(tx, key)).orElse(null);
    if (p == null) {
      return Outcome.done();
    }
    MetricAlarm ringing =
        alarms(p).stream().filter(a -> "ALARM".equals(a.stateValue())).findFirst().orElse(null);
    if (ringing == null) {
      // The next alarm wakes it.
      return Outcome.done();
    }
    ScalableTarget target =
        platform
            .store()
            .read(tx -> scaled.target(tx, p.scope(), p.policy().resourceId()))
            .map(Scaled.Target::target)
            .orElse(null);
    Integer now =
        target == null ? null : capacity.desired(p.scope(), target.resourceId()).orElse(null);
    if (target != null && now != null) {
      scale(p, target, now, ringing);
    }
    return Outcome.retryAfter(AGAIN);
  }

  private List<MetricAlarm> alarms(Policy p) {
    List<String> own = PolicyCrud.own(p.policy());
    var asked =
        own.isEmpty()
            ? DescribeAlarmsInput.builder().actionPrefix(p.policy().policyARN()).build()
            : DescribeAlarmsInput.builder().alarmNames(own).build();
    return platform
        .clients()
        .call(
            platform.background(p.scope(), "application-autoscaling"),
            CloudwatchApi.DESCRIBE_ALARMS,
            asked)
        .metricAlarms();
  }

  private void scale(Policy p, ScalableTarget target, int now, MetricAlarm alarm) {
    Optional<Double> value = value(p, alarm);
    if (value.isEmpty()) {
      return;
    }
    int wanted = wanted(p.policy(), now, value.get(), alarm);
    boolean out = wanted > now;
    Instant at = platform.clock().instant();
    boolean cold =
        p.scaledAt() != null && at.isBefore(p.scaledAt().plusSeconds(cooldown(p.policy(), out)));
    if (wanted == now || cold || suspended(target.suspendedState(), out)) {
      return;
    }
    String cause =
        "monitor alarm %s in state ALARM triggered policy %s"
            .formatted(alarm.alarmName(), p.policy().policyName());
    scaling.to(
        p.scope(),
        target,
        now,
        wanted,
        cause,
        tx -> scaled.policy(tx, p.key()).ifPresent(x -> scaled.save(tx, x.scaled(at))));
  }

  private static boolean suspended(
      @org.jspecify.annotations.Nullable SuspendedState s, boolean out) {
    return s != null
        && Boolean.TRUE.equals(
            out ? s.dynamicScalingOutSuspended() : s.dynamicScalingInSuspended());
  }

  private static int cooldown(ScalingPolicy p, boolean out) {
    Integer asked =
        PolicyCrud.tracks(p)
            ? out
                ? p.targetTrackingScalingPolicyConfiguration().scaleOutCooldown()
                : p.targetTrackingScalingPolicyConfiguration().scaleInCooldown()
            : p.stepScalingPolicyConfiguration().cooldown();
    return asked == null ? COOLDOWN : asked;
  }

  static int wanted(ScalingPolicy p, int now, double value, MetricAlarm alarm) {
    if (!PolicyCrud.tracks(p)) {
      return Steps.capacity(p.stepScalingPolicyConfiguration(), now, value - alarm.threshold());
    }
    // What is measured is of one task on average: so many bring it to the target.
    double target = p.targetTrackingScalingPolicyConfiguration().targetValue();
    int fit = (int) Math.ceil(Math.max(1, now) * value / target);
    boolean high = alarm.alarmName().contains(TrackingAlarms.HIGH);
    return high ? Math.max(fit, now + 1) : Math.min(fit, now - 1);
  }

  /// The latest value of what an alarm watches.
  private Optional<Double> value(Policy p, MetricAlarm a) {
    int period = a.period() == null ? 60 : a.period();
    Instant end = platform.clock().instant();
    var answer =
        platform
            .clients()
            .call(
                platform.background(p.scope(), "application-autoscaling"),
                CloudwatchApi.GET_METRIC_DATA,
                GetMetricDataInput.builder()
                    .metricDataQueries(queries(a))
                    .startTime(end.minusSeconds((long) period * Math.max(5, a.evaluationPeriods())))
                    .endTime(end)
                    .scanBy("TimestampDescending")
                    .build());
    return answer.metricDataResults().stream()
        .filter(r -> r.values() != null && !r.values().isEmpty())
        .map(r -> r.values().getFirst())
        .findFirst();
  }

  private static List<MetricDataQuery> queries(MetricAlarm a) {
    if (a.metrics() != null && !a.metrics().isEmpty()) {
      return a.metrics();
    }
    return List.of(
        MetricDataQuery.builder()
            .id("m1")
            .metricStat(
                MetricStat.builder()
                    .metric(
                        Metric.builder()
                            .namespace(a.namespace())
                            .metricName(a.metricName())
                            .dimensions(a.dimensions())
                            .build())
                    .period(a.period())
                    .stat(a.statistic() == null ? a.extendedStatistic() : a.statistic())
                    .unit(a.unit())
                    .build())
            .returnData(true)
            .build());
  }
}
