package dev.freeway.ecs;

import dev.freeway.ecs.api.DeploymentConfiguration;
import dev.freeway.ecs.uses.cloudwatch.CloudwatchApi;
import dev.freeway.ecs.uses.cloudwatch.CompositeAlarm;
import dev.freeway.ecs.uses.cloudwatch.DescribeAlarmsInput;
import dev.freeway.ecs.uses.cloudwatch.MetricAlarm;
import dev.freeway.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The CloudWatch alarms that watch a service's deployments. One that was in ALARM when the
/// deployment began does not count. See "How CloudWatch alarms detect Amazon ECS deployment
/// failures" in the developer guide.
final class DeploymentAlarms {
  private static final Duration COMPOSITE = Duration.ofMinutes(1);

  private final Platform platform;

  DeploymentAlarms(Platform platform) {
    this.platform = platform;
  }

  /// @param ringing names of alarms that went into ALARM since the deployment began
  /// @param bake how long the deployment stays in progress once its tasks run, so that the alarms
  ///   can see them
  record Seen(List<String> ringing, Duration bake) {}

  static boolean rollsBack(StoredService s) {
    return Boolean.TRUE.equals(s.service().deploymentConfiguration().alarms().rollback());
  }

  /// Empty when nothing watches, or no deployment is in progress.
  Optional<Seen> look(StoredService s) {
    DeploymentConfiguration c = s.service().deploymentConfiguration();
    StoredDeployment primary = s.primary().orElse(null);
    boolean watched =
        c.alarms() != null
            && Boolean.TRUE.equals(c.alarms().enable())
            && c.alarms().alarmNames() != null
            && !c.alarms().alarmNames().isEmpty();
    if (!watched || primary == null || !primary.is("IN_PROGRESS") || primary.rollback()) {
      return Optional.empty();
    }
    var answer =
        platform
            .clients()
            .call(
                platform.background(s.scope(), "ecs"),
                CloudwatchApi.DESCRIBE_ALARMS,
                DescribeAlarmsInput.builder()
                    .alarmNames(c.alarms().alarmNames())
                    .alarmTypes(List.of("MetricAlarm", "CompositeAlarm"))
                    .maxRecords(100)
                    .build());
    List<String> ringing = new ArrayList<>();
    Duration bake = Duration.ZERO;
    for (MetricAlarm a : answer.metricAlarms()) {
      if (rings(a.stateValue(), a.stateTransitionedTimestamp(), primary)) {
        ringing.add(a.alarmName());
      }
      bake = longer(bake, Duration.ofSeconds((long) period(a) * a.evaluationPeriods()));
    }
    for (CompositeAlarm a : answer.compositeAlarms()) {
      if (rings(a.stateValue(), a.stateTransitionedTimestamp(), primary)) {
        ringing.add(a.alarmName());
      }
      bake = longer(bake, COMPOSITE);
    }
    return Optional.of(new Seen(ringing, bake));
  }

  private static boolean rings(String state, @Nullable Instant since, StoredDeployment primary) {
    return "ALARM".equals(state) && since != null && since.isAfter(primary.createdAt());
  }

  private static int period(MetricAlarm a) {
    if (a.period() != null) {
      return a.period();
    }
    return a.metrics() == null
        ? 60
        : a.metrics().stream()
            .filter(m -> m.metricStat() != null)
            .mapToInt(m -> m.metricStat().period())
            .max()
            .orElse(60);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
