package dev.freeway.codepipeline;

import dev.freeway.codepipeline.uses.cloudwatch.CloudwatchApi;
import dev.freeway.codepipeline.uses.cloudwatch.CompositeAlarm;
import dev.freeway.codepipeline.uses.cloudwatch.DescribeAlarmsInput;
import dev.freeway.codepipeline.uses.cloudwatch.MetricAlarm;
import dev.freeway.platform.Clients;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Rule/CloudWatchAlarm: fails as soon as an alarm is in one of some states while it waits. See
/// "CloudWatchAlarm" in the rule structure reference of the user guide.
final class AlarmRule implements ActionProvider {
  private static final Set<String> STATES = Set.of("OK", "ALARM", "INSUFFICIENT_DATA");
  private static final Duration POLL = Duration.ofSeconds(5);

  private final Clients clients;
  private final InstantSource clock;

  AlarmRule(Clients clients, InstantSource clock) {
    this.clients = clients;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "Rule/CloudWatchAlarm";
  }

  /// What is wrong with a configuration; null when nothing is.
  static @Nullable String problem(Map<String, String> c) {
    if (!c.containsKey("AlarmName")) {
      return "AlarmName is required";
    }
    if (!STATES.containsAll(states(c))) {
      return "AlarmStates must be some of OK, ALARM, INSUFFICIENT_DATA";
    }
    return c.getOrDefault("WaitTime", "0").matches("\\d{1,5}|#\\{.*}")
        ? null
        : "WaitTime must be a number of minutes";
  }

  private static List<String> states(Map<String, String> c) {
    return Arrays.stream(c.getOrDefault("AlarmStates", "ALARM").split(","))
        .map(String::strip)
        .toList();
  }

  @Override
  public List<Permission> permissions(Job job) {
    return Permission.of("*", "cloudwatch:DescribeAlarms");
  }

  @Override
  public Progress step(Job job) {
    String name = job.config("AlarmName", "");
    var answer =
        clients.call(
            job.call(),
            CloudwatchApi.DESCRIBE_ALARMS,
            DescribeAlarmsInput.builder()
                .alarmNames(List.of(name))
                .alarmTypes(List.of("MetricAlarm", "CompositeAlarm"))
                .build());
    Set<String> found =
        Stream.concat(
                answer.metricAlarms().stream().map(MetricAlarm::stateValue),
                answer.compositeAlarms().stream().map(CompositeAlarm::stateValue))
            .collect(Collectors.toSet());
    if (found.isEmpty()) {
      return Progress.Failed.configuration("The alarm " + name + " does not exist");
    }
    String state = found.iterator().next();
    if (states(job.run().configuration()).contains(state)) {
      return Progress.Failed.job("The alarm " + name + " is in the state " + state);
    }
    Instant end =
        job.run().started().plus(Duration.ofMinutes(Long.parseLong(job.config("WaitTime", "0"))));
    Duration left = Duration.between(clock.instant(), end);
    if (!left.isPositive()) {
      return Progress.Succeeded.plain("The alarm " + name + " is in the state " + state);
    }
    return Progress.Running.with(Map.of("alarm", name), left.compareTo(POLL) < 0 ? left : POLL);
  }
}
