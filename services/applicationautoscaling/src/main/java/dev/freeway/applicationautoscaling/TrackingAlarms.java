package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.api.Alarm;
import dev.freeway.applicationautoscaling.api.ApplicationautoscalingErrors;
import dev.freeway.applicationautoscaling.api.CustomizedMetricSpecification;
import dev.freeway.applicationautoscaling.api.PredefinedMetricSpecification;
import dev.freeway.applicationautoscaling.api.ScalingPolicy;
import dev.freeway.applicationautoscaling.api.TargetTrackingMetricDataQuery;
import dev.freeway.applicationautoscaling.api.TargetTrackingScalingPolicyConfiguration;
import dev.freeway.applicationautoscaling.uses.cloudwatch.CloudwatchApi;
import dev.freeway.applicationautoscaling.uses.cloudwatch.DeleteAlarmsInput;
import dev.freeway.applicationautoscaling.uses.cloudwatch.Dimension;
import dev.freeway.applicationautoscaling.uses.cloudwatch.Metric;
import dev.freeway.applicationautoscaling.uses.cloudwatch.MetricDataQuery;
import dev.freeway.applicationautoscaling.uses.cloudwatch.MetricStat;
import dev.freeway.applicationautoscaling.uses.cloudwatch.PutMetricAlarmInput;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The two alarms that a target tracking policy keeps in CloudWatch, as AWS makes them: above the
/// target for three minutes, and below nine tenths of it for fifteen.
final class TrackingAlarms {
  private static final int PERIOD = 60;
  private static final Pattern LABEL =
      Pattern.compile("(app/[^/]+/[^/]+)/(targetgroup/[^/]+/[^/]+)");

  private final Platform platform;

  TrackingAlarms(Platform platform) {
    this.platform = platform;
  }

  static final String HIGH = "-AlarmHigh-";
  static final String LOW = "-AlarmLow-";

  /// Makes them, or gives those of an earlier configuration the new one.
  List<Alarm> put(Scope scope, ScalingPolicy policy) {
    var c = policy.targetTrackingScalingPolicyConfiguration();
    List<Alarm> before = policy.alarms() == null ? List.of() : policy.alarms();
    List<Alarm> all = new ArrayList<>();
    all.add(put(scope, policy, HIGH, before, c.targetValue(), 3, "GreaterThanThreshold"));
    if (!Boolean.TRUE.equals(c.disableScaleIn())) {
      all.add(put(scope, policy, LOW, before, c.targetValue() * 0.9, 15, "LessThanThreshold"));
    }
    List<String> gone =
        before.stream()
            .map(Alarm::alarmName)
            .filter(n -> all.stream().noneMatch(a -> a.alarmName().equals(n)))
            .toList();
    delete(scope, gone);
    return all;
  }

  private Alarm put(
      Scope scope,
      ScalingPolicy policy,
      String kind,
      List<Alarm> before,
      double threshold,
      int periods,
      String comparison) {
    String name =
        before.stream()
            .map(Alarm::alarmName)
            .filter(n -> n.contains(kind))
            .findFirst()
            .orElse("TargetTracking-" + policy.resourceId() + kind + Ids.uuid());
    var alarm =
        PutMetricAlarmInput.builder()
            .alarmName(name)
            .alarmDescription(
                "DO NOT EDIT OR DELETE. For TargetTrackingScaling policy "
                    + policy.policyARN()
                    + ".")
            .threshold(threshold)
            .evaluationPeriods(periods)
            .comparisonOperator(comparison)
            .alarmActions(List.of(policy.policyARN()));
    var c = policy.targetTrackingScalingPolicyConfiguration();
    List<MetricDataQuery> queries = queries(c, policy.resourceId());
    if (queries.size() == 1 && queries.getFirst().metricStat() != null) {
      MetricStat stat = queries.getFirst().metricStat();
      alarm
          .namespace(stat.metric().namespace())
          .metricName(stat.metric().metricName())
          .dimensions(stat.metric().dimensions())
          .statistic(stat.stat())
          .period(PERIOD);
    } else {
      alarm.metrics(queries);
    }
    platform
        .clients()
        .call(
            platform.background(scope, "application-autoscaling"),
            CloudwatchApi.PUT_METRIC_ALARM,
            alarm.build());
    return new Alarm(name, scope.arn("cloudwatch", "alarm:" + name).toString());
  }

  void delete(Scope scope, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    try {
      platform
          .clients()
          .call(
              platform.background(scope, "application-autoscaling"),
              CloudwatchApi.DELETE_ALARMS,
              DeleteAlarmsInput.builder().alarmNames(names).build());
    } catch (AwsException e) {
      // Somebody has deleted them: so much the better.
      if (!e.is("ResourceNotFound") && !e.is("ResourceNotFoundException")) {
        throw e;
      }
    }
  }

  /// What a configuration measures. Throws ValidationException.
  static List<MetricDataQuery> queries(
      TargetTrackingScalingPolicyConfiguration c, String resource) {
    boolean both =
        c.predefinedMetricSpecification() != null && c.customizedMetricSpecification() != null;
    if (both) {
      throw ApplicationautoscalingErrors.validationException(
          "Only one of PredefinedMetricSpecification and CustomizedMetricSpecification can be given.");
    }
    if (c.customizedMetricSpecification() != null) {
      return custom(c.customizedMetricSpecification());
    }
    if (c.predefinedMetricSpecification() == null) {
      throw ApplicationautoscalingErrors.validationException(
          "Target tracking policies need a PredefinedMetricSpecification or a CustomizedMetricSpecification.");
    }
    return predefined(c.predefinedMetricSpecification(), resource);
  }

  private static List<MetricDataQuery> custom(CustomizedMetricSpecification c) {
    if (c.metrics() == null || c.metrics().isEmpty()) {
      if (c.namespace() == null || c.metricName() == null || c.statistic() == null) {
        throw ApplicationautoscalingErrors.validationException(
            "A CustomizedMetricSpecification needs Namespace, MetricName and Statistic, or Metrics.");
      }
      List<Dimension> dimensions =
          c.dimensions() == null
              ? List.of()
              : c.dimensions().stream().map(d -> new Dimension(d.name(), d.value())).toList();
      return List.of(query(c.namespace(), c.metricName(), dimensions, c.statistic()));
    }
    return c.metrics().stream().map(TrackingAlarms::converted).toList();
  }

  private static MetricDataQuery converted(TargetTrackingMetricDataQuery q) {
    var b =
        MetricDataQuery.builder()
            .id(q.id())
            .label(q.label())
            .expression(q.expression())
            .returnData(q.returnData() == null || q.returnData());
    if (q.metricStat() != null) {
      var m = q.metricStat().metric();
      List<Dimension> dimensions =
          m.dimensions() == null
              ? List.of()
              : m.dimensions().stream().map(d -> new Dimension(d.name(), d.value())).toList();
      b.metricStat(
          query(m.namespace(), m.metricName(), dimensions, q.metricStat().stat()).metricStat());
    }
    return b.build();
  }

  private static MetricDataQuery query(
      String namespace, String name, List<Dimension> dimensions, String stat) {
    return MetricDataQuery.builder()
        .id("m1")
        .metricStat(
            MetricStat.builder()
                .metric(
                    Metric.builder()
                        .namespace(namespace)
                        .metricName(name)
                        .dimensions(dimensions)
                        .build())
                .period(PERIOD)
                .stat(stat)
                .build())
        .returnData(true)
        .build();
  }

  /// @param label the last parts of two ARNs: `app/NAME/ID/targetgroup/NAME/ID`
  private static List<Dimension> balancer(@Nullable String label) {
    Matcher m = LABEL.matcher(label == null ? "" : label);
    if (!m.matches()) {
      throw ApplicationautoscalingErrors.validationException(
          "ALBRequestCountPerTarget needs a ResourceLabel of the form app/<load-balancer-name>/<load-balancer-id>/targetgroup/<target-group-name>/<target-group-id>.");
    }
    return List.of(
        new Dimension("LoadBalancer", m.group(1)), new Dimension("TargetGroup", m.group(2)));
  }

  /// What the types that AWS has names for measure. Throws ValidationException.
  private static List<MetricDataQuery> predefined(
      PredefinedMetricSpecification p, String resource) {
    String[] service = EcsCapacity.parts(resource);
    List<Dimension> own =
        List.of(new Dimension("ClusterName", service[1]), new Dimension("ServiceName", service[2]));
    return switch (p.predefinedMetricType()) {
      case "ECSServiceAverageCPUUtilization" ->
          List.of(query("AWS/ECS", "CPUUtilization", own, "Average"));
      case "ECSServiceAverageMemoryUtilization" ->
          List.of(query("AWS/ECS", "MemoryUtilization", own, "Average"));
      case "ALBRequestCountPerTarget" ->
          List.of(
              query(
                  "AWS/ApplicationELB",
                  "RequestCountPerTarget",
                  balancer(p.resourceLabel()),
                  "Sum"));
      default ->
          throw ApplicationautoscalingErrors.validationException(
              "The predefined metric type %s is not one of ECS services."
                  .formatted(p.predefinedMetricType()));
    };
  }
}
