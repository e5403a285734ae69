package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.CompositeAlarm;
import dev.freeway.cloudwatch.api.PutCompositeAlarmInput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.Structure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes an alarm over other alarms, or configures it anew.
final class PutCompositeAlarm implements Handler<PutCompositeAlarmInput, Structure.Empty> {
  private final Platform platform;
  private final Alarms alarms;
  private final Transitions transitions;

  PutCompositeAlarm(Platform platform, Alarms alarms, Transitions transitions) {
    this.platform = platform;
    this.alarms = alarms;
    this.transitions = transitions;
  }

  @Override
  public Structure.Empty handle(Call call, PutCompositeAlarmInput in) {
    AlarmChecks.name(in.alarmName());
    Texts.check(in.alarmDescription(), "AlarmDescription");
    Texts.check(in.alarmRule(), "AlarmRule");
    AlarmChecks.actions(in.okActions());
    AlarmChecks.actions(in.alarmActions());
    AlarmChecks.actions(in.insufficientDataActions());
    checkSuppressor(in);
    AlarmRule rule = AlarmRule.parse(in.alarmRule());
    platform
        .store()
        .update(
            tx -> {
              checkChildren(tx, call, in.alarmName(), rule);
              if (in.actionsSuppressor() != null
                  && alarms.named(tx, call.scope(), in.actionsSuppressor()).isEmpty()) {
                throw Refusals.validation(
                    "The ActionsSuppressor " + in.actionsSuppressor() + " does not exist.");
              }
              Optional<StoredAlarm> before = alarms.find(tx, call.scope(), in.alarmName());
              if (before.isPresent() && before.get().composite() == null) {
                throw Refusals.validation(
                    "An alarm of another type has the name " + in.alarmName() + ".");
              }
              CompositeAlarm alarm =
                  alarm(call, in, before.map(StoredAlarm::composite).orElse(null));
              Map<String, String> tags =
                  before.map(StoredAlarm::tags).orElseGet(() -> AlarmTags.map(in.tags()));
              StoredAlarm stored = StoredAlarm.of(call.scope(), alarm, tags);
              alarms.save(tx, stored);
              transitions.configured(
                  tx, stored, call.at(), before.isPresent() ? "update" : "create");
              platform.flow().wake(tx, CompositeEvaluation.KIND, stored.key());
            });
    return new Structure.Empty();
  }

  private static void checkSuppressor(PutCompositeAlarmInput in) {
    Integer wait = in.actionsSuppressorWaitPeriod();
    Integer more = in.actionsSuppressorExtensionPeriod();
    if (in.actionsSuppressor() == null) {
      if (wait != null || more != null) {
        throw Refusals.validation(
            "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod need an ActionsSuppressor.");
      }
      return;
    }
    if (wait == null || more == null) {
      throw Refusals.missing(
          wait == null ? "ActionsSuppressorWaitPeriod" : "ActionsSuppressorExtensionPeriod");
    }
    if (wait < 0 || more < 0) {
      throw Refusals.validation("The suppressor's periods must not be negative.");
    }
    if (Alarms.plain(in.actionsSuppressor()).equals(in.alarmName())) {
      throw Refusals.validation("An alarm cannot be its own ActionsSuppressor.");
    }
  }

  private void checkChildren(ReadTx tx, Call call, String name, AlarmRule rule) {
    List<String> missing =
        rule.names().stream()
            .filter(n -> !n.equals(name) && alarms.find(tx, call.scope(), n).isEmpty())
            .toList();
    if (!missing.isEmpty()) {
      throw Refusals.validation(
          "Could not save the composite alarm as alarms "
              + missing
              + " in the alarm rule do not exist");
    }
    Set<String> seen = new TreeSet<>();
    rule.names().forEach(n -> below(tx, call, n, seen));
    if (seen.contains(name)) {
      throw Refusals.validation("Could not save the composite alarm as it would depend on itself");
    }
  }

  private void below(ReadTx tx, Call call, String name, Set<String> seen) {
    if (seen.add(name)) {
      alarms
          .find(tx, call.scope(), name)
          .filter(a -> a.composite() != null)
          .ifPresent(
              a ->
                  AlarmRule.parse(a.ofAlarms().alarmRule())
                      .names()
                      .forEach(n -> below(tx, call, n, seen)));
    }
  }

  private static CompositeAlarm alarm(
      Call call, PutCompositeAlarmInput in, @Nullable CompositeAlarm before) {
    CompositeAlarm.Builder b =
        CompositeAlarm.builder()
            .alarmName(in.alarmName())
            .alarmArn(StoredAlarm.arn(call.scope(), in.alarmName()))
            .alarmDescription(in.alarmDescription())
            .alarmConfigurationUpdatedTimestamp(call.at())
            .alarmRule(in.alarmRule())
            .actionsSuppressor(in.actionsSuppressor())
            .actionsSuppressorWaitPeriod(in.actionsSuppressorWaitPeriod())
            .actionsSuppressorExtensionPeriod(in.actionsSuppressorExtensionPeriod())
            .actionsEnabled(!Boolean.FALSE.equals(in.actionsEnabled()))
            .okActions(AlarmChecks.list(in.okActions()))
            .alarmActions(AlarmChecks.list(in.alarmActions()))
            .insufficientDataActions(AlarmChecks.list(in.insufficientDataActions()));
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
        .actionsSuppressedBy(before.actionsSuppressedBy())
        .actionsSuppressedReason(before.actionsSuppressedReason())
        .stateUpdatedTimestamp(before.stateUpdatedTimestamp())
        .stateTransitionedTimestamp(before.stateTransitionedTimestamp())
        .build();
  }
}
