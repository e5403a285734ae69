package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.CompositeAlarm;
import dev.freeway.cloudwatch.api.MetricAlarm;
import dev.freeway.platform.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An alarm as it is described: one of the two kinds.
///
/// @param metric null for a composite alarm
/// @param composite null for a metric alarm
record StoredAlarm(
    Scope scope,
    @Nullable MetricAlarm metric,
    @Nullable CompositeAlarm composite,
    Map<String, String> tags) {
  static final String OK = "OK";
  static final String ALARM = "ALARM";
  static final String UNKNOWN = "INSUFFICIENT_DATA";

  StoredAlarm {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  static StoredAlarm of(Scope scope, MetricAlarm alarm, Map<String, String> tags) {
    return new StoredAlarm(scope, alarm, null, tags);
  }

  static StoredAlarm of(Scope scope, CompositeAlarm alarm, Map<String, String> tags) {
    return new StoredAlarm(scope, null, alarm, tags);
  }

  static String arn(Scope scope, String name) {
    return scope.arn("cloudwatch", "alarm:" + name).toString();
  }

  String name() {
    return metric != null ? metric.alarmName() : ofAlarms().alarmName();
  }

  /// What is watched, of a metric alarm.
  MetricAlarm ofMetric() {
    return Objects.requireNonNull(metric);
  }

  /// What is watched, of a composite alarm.
  CompositeAlarm ofAlarms() {
    return Objects.requireNonNull(composite);
  }

  String arn() {
    return arn(scope, name());
  }

  String type() {
    return metric != null ? "MetricAlarm" : "CompositeAlarm";
  }

  String key() {
    return scope.key(name());
  }

  String state() {
    return metric != null ? metric.stateValue() : ofAlarms().stateValue();
  }

  String reason() {
    return metric != null ? metric.stateReason() : ofAlarms().stateReason();
  }

  @Nullable String reasonData() {
    return metric != null ? metric.stateReasonData() : ofAlarms().stateReasonData();
  }

  Instant stateUpdated() {
    return metric != null ? metric.stateUpdatedTimestamp() : ofAlarms().stateUpdatedTimestamp();
  }

  Instant configured() {
    return metric != null
        ? metric.alarmConfigurationUpdatedTimestamp()
        : ofAlarms().alarmConfigurationUpdatedTimestamp();
  }

  @Nullable String description() {
    return metric != null ? metric.alarmDescription() : ofAlarms().alarmDescription();
  }

  boolean actionsEnabled() {
    return !Boolean.FALSE.equals(
        metric != null ? metric.actionsEnabled() : ofAlarms().actionsEnabled());
  }

  /// What is to be done on entering a state.
  List<String> actions(String state) {
    List<String> all =
        switch (state) {
          case OK -> metric != null ? metric.okActions() : ofAlarms().okActions();
          case ALARM -> metric != null ? metric.alarmActions() : ofAlarms().alarmActions();
          default ->
              metric != null
                  ? metric.insufficientDataActions()
                  : ofAlarms().insufficientDataActions();
        };
    return all == null ? List.of() : all;
  }

  StoredAlarm withTags(Map<String, String> others) {
    return new StoredAlarm(scope, metric, composite, others);
  }

  StoredAlarm withActions(boolean enabled) {
    return new StoredAlarm(
        scope,
        metric == null ? null : metric.toBuilder().actionsEnabled(enabled).build(),
        composite == null ? null : composite.toBuilder().actionsEnabled(enabled).build(),
        tags);
  }

  StoredAlarm in(String state, String reason, @Nullable String data, Instant at) {
    Instant since = state.equals(state()) ? transitioned() : at;
    return new StoredAlarm(
        scope,
        metric == null
            ? null
            : metric.toBuilder()
                .stateValue(state)
                .stateReason(reason)
                .stateReasonData(data)
                .stateUpdatedTimestamp(at)
                .stateTransitionedTimestamp(since)
                .build(),
        composite == null
            ? null
            : composite.toBuilder()
                .stateValue(state)
                .stateReason(reason)
                .stateReasonData(data)
                .stateUpdatedTimestamp(at)
                .stateTransitionedTimestamp(since)
                .build(),
        tags);
  }

  Instant transitioned() {
    return metric != null
        ? metric.stateTransitionedTimestamp()
        : ofAlarms().stateTransitionedTimestamp();
  }
}
