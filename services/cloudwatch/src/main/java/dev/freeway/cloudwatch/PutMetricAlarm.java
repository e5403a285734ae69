package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.MetricAlarm;
import dev.freeway.cloudwatch.api.PutMetricAlarmInput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import dev.freeway.wire.Structure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes an alarm on a metric or an expression, or configures it anew: its state stays.
final class PutMetricAlarm implements Handler<PutMetricAlarmInput, Structure.Empty> {
  private final Platform platform;
  private final Alarms alarms;
  private final Transitions transitions;
  private final Retention retention;

  PutMetricAlarm(Platform platform, Alarms alarms, Transitions transitions, Retention retention) {
    this.platform = platform;
    this.alarms = alarms;
    this.transitions = transitions;
    this.retention = retention;
  }

  @Override
  public Structure.Empty handle(Call call, PutMetricAlarmInput in) {
    AlarmChecks.metric(in);
    retention.begin();
    platform
        .store()
        .update(
            tx -> {
              Optional<StoredAlarm> before = alarms.find(tx, call.scope(), in.alarmName());
              if (before.isPresent() && before.get().metric() == null) {
                throw Refusals.validation(
                    "An alarm of another type has the name " + in.alarmName() + ".");
              }
              MetricAlarm alarm = alarm(call, in, before.map(StoredAlarm::metric).orElse(null));
              // Tags of an alarm that exists are changed by TagResource alone.
              Map<String, String> tags =
                  before.map(StoredAlarm::tags).orElseGet(() -> AlarmTags.map(in.tags()));
              StoredAlarm stored = StoredAlarm.of(call.scope(), alarm, tags);
              alarms.save(tx, stored);
              transitions.configured(
                  tx, stored, call.at(), before.isPresent() ? "update" : "create");
              platform.flow().wake(tx, AlarmEvaluation.KIND, stored.key());
            });
    return new Structure.Empty();
  }

  private static MetricAlarm alarm(
      Call call, PutMetricAlarmInput in, @Nullable MetricAlarm before) {
    MetricAlarm.Builder b =
        MetricAlarm.builder()
            .alarmName(in.alarmName())
            .alarmArn(StoredAlarm.arn(call.scope(), in.alarmName()))
            .alarmDescription(in.alarmDescription())
            .alarmConfigurationUpdatedTimestamp(call.at())
            .actionsEnabled(!Boolean.FALSE.equals(in.actionsEnabled()))
            .okActions(AlarmChecks.list(in.okActions()))
            .alarmActions(AlarmChecks.list(in.alarmActions()))
            .insufficientDataActions(AlarmChecks.list(in.insufficientDataActions()))
            .metricName(in.metricName())
            .namespace(in.namespace())
            .statistic(in.statistic())
            .extendedStatistic(in.extendedStatistic())
            .dimensions(in.dimensions() == null ? List.of() : in.dimensions())
            .period(in.period())
            .unit(in.unit())
            .evaluationPeriods(in.evaluationPeriods())
            .datapointsToAlarm(in.datapointsToAlarm())
            .threshold(in.threshold())
            .comparisonOperator(in.comparisonOperator())
            .treatMissingData(in.treatMissingData())
            .evaluateLowSampleCountPercentile(in.evaluateLowSampleCountPercentile())
            .metrics(in.metrics() == null || in.metrics().isEmpty() ? null : in.metrics());
    if (before == null) {
      return b.stateValue(StoredAlarm.UNKNOWN)
          .stateReason("Unchecked: Initial alarm creation")
          .stateUpdatedTimestamp(call.at())
          .stateTransitionedTimestamp(call.at())
          .build();
    }
    return b.stateValue(before.stateValue())
        .stateReason(before.stateReason())
        .stateReasonData(before.stateReasonData())
        .stateUpdatedTimestamp(before.stateUpdatedTimestamp())
        .stateTransitionedTimestamp(before.stateTransitionedTimestamp())
        .build();
  }
}
