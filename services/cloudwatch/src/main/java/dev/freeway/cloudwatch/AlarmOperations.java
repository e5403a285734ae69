package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.CloudwatchErrors;
import dev.freeway.cloudwatch.api.DeleteAlarmsInput;
import dev.freeway.cloudwatch.api.DisableAlarmActionsInput;
import dev.freeway.cloudwatch.api.EnableAlarmActionsInput;
import dev.freeway.cloudwatch.api.SetAlarmStateInput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// What is done to alarms that exist.
final class AlarmOperations {
  private final Platform platform;
  private final Alarms alarms;
  private final Transitions transitions;
  private final Suppression suppression;

  AlarmOperations(
      Platform platform, Alarms alarms, Transitions transitions, Suppression suppression) {
    this.suppression = suppression;
    this.platform = platform;
    this.alarms = alarms;
    this.transitions = transitions;
  }

  /// All of them or, if one does not exist, none.
  Structure.Empty delete(Call call, DeleteAlarmsInput in) {
    platform
        .store()
        .update(
            tx -> {
              List<StoredAlarm> going = new ArrayList<>();
              for (String name : new LinkedHashSet<>(in.alarmNames())) {
                going.add(alarms.named(tx, call.scope(), name).orElseThrow(() -> unknown(name)));
              }
              for (StoredAlarm a : going) {
                alarms.delete(tx, a);
                suppression.forget(tx, a);
                transitions.configured(tx, a, call.at(), "delete");
                transitions.wakeParents(tx, a);
              }
            });
    return new Structure.Empty();
  }

  private static AwsException unknown(String name) {
    return CloudwatchErrors.resourceNotFound("The alarm " + name + " does not exist.");
  }

  /// Until it is looked at again.
  Structure.Empty set(Call call, SetAlarmStateInput in) {
    Texts.check(in.stateReason(), "StateReason");
    Texts.check(in.stateReasonData(), "StateReasonData");
    if (!Json.isJson(in.stateReasonData())) {
      throw CloudwatchErrors.invalidFormatFault("StateReasonData is no valid JSON.");
    }
    platform
        .store()
        .update(
            tx -> {
              StoredAlarm a =
                  alarms
                      .named(tx, call.scope(), in.alarmName())
                      .orElseThrow(() -> unknown(in.alarmName()));
              transitions.to(
                  tx, a, in.stateValue(), in.stateReason(), in.stateReasonData(), call.at());
            });
    return new Structure.Empty();
  }

  Structure.Empty enable(Call call, EnableAlarmActionsInput in) {
    return switchActions(call, in.alarmNames(), true);
  }

  Structure.Empty disable(Call call, DisableAlarmActionsInput in) {
    return switchActions(call, in.alarmNames(), false);
  }

  /// Names that are no alarm's are passed over, as on AWS.
  private Structure.Empty switchActions(Call call, List<String> names, boolean on) {
    platform
        .store()
        .update(
            tx -> {
              for (String name : names) {
                StoredAlarm a = alarms.named(tx, call.scope(), name).orElse(null);
                if (a != null && a.actionsEnabled() != on) {
                  StoredAlarm changed = a.withActions(on);
                  alarms.save(tx, changed);
                  transitions.configured(tx, changed, call.at(), "update");
                }
              }
            });
    return new Structure.Empty();
  }
}
