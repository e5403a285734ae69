package dev.freeway.cloudwatch;

import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An alarm enters a state: it is stored, told of, and acted on, together.
final class Transitions {
  private final Platform platform;
  private final Alarms alarms;
  private final History history;
  private final Suppression suppression;

  Transitions(Platform platform, Alarms alarms, History history, Suppression suppression) {
    this.platform = platform;
    this.alarms = alarms;
    this.history = history;
    this.suppression = suppression;
  }

  /// Does nothing but note the reason if the alarm is in that state.
  StoredAlarm to(
      Tx tx, StoredAlarm before, String state, String reason, @Nullable String data, Instant at) {
    if (state.equals(before.state())) {
      return before;
    }
    StoredAlarm entered = before.in(state, reason, data, at);
    StoredAlarm after =
        entered.actionsEnabled() ? suppression.entered(tx, before, entered, at) : entered;
    alarms.save(tx, after);
    Map<String, Object> old = state(before);
    Map<String, Object> now = state(after);
    history.add(
        tx,
        after,
        at,
        "StateUpdate",
        "Alarm updated from " + before.state() + " to " + state,
        Json.write(
            Json.map("version", "1.0", "oldState", historic(before), "newState", historic(after))));
    Map<String, Object> detail =
        Json.map(
            "alarmName",
            after.name(),
            "state",
            now,
            "previousState",
            old,
            "configuration",
            Configurations.brief(after));
    publish(tx, after, at, "CloudWatch Alarm State Change", detail);
    wakeParents(tx, after);
    return after;
  }

  /// Composite alarms look at what they are made of.
  void wakeParents(Tx tx, StoredAlarm child) {
    for (StoredAlarm a : alarms.all(tx, child.scope())) {
      if (a.composite() != null
          && (AlarmRule.parse(a.ofAlarms().alarmRule()).names().contains(child.name())
              || Suppression.hasSuppressor(a)
                  && Alarms.plain(a.ofAlarms().actionsSuppressor()).equals(child.name()))) {
        platform.flow().wake(tx, CompositeEvaluation.KIND, a.key());
      }
    }
  }

  /// @param operation `create`, `update` or `delete`
  void configured(Tx tx, StoredAlarm alarm, Instant at, String operation) {
    String word =
        switch (operation) {
          case "create" -> "created";
          case "delete" -> "deleted";
          default -> "updated";
        };
    history.add(
        tx,
        alarm,
        at,
        "ConfigurationUpdate",
        "Alarm \"" + alarm.name() + "\" " + word,
        Json.write(
            Json.map(
                "version",
                "1.0",
                "type",
                Character.toUpperCase(operation.charAt(0)) + operation.substring(1),
                operation.equals("delete") ? "deletedAlarm" : operation + "dAlarm",
                Configurations.full(alarm))));
    publish(
        tx,
        alarm,
        at,
        "CloudWatch Alarm Configuration Change",
        Json.map(
            "alarmName",
            alarm.name(),
            "operation",
            operation,
            "state",
            Json.map("value", alarm.state(), "timestamp", Json.time(alarm.stateUpdated())),
            "configuration",
            Configurations.full(alarm)));
  }

  private void publish(Tx tx, StoredAlarm a, Instant at, String type, Map<String, Object> detail) {
    platform
        .events()
        .publish(tx, Event.of(a.scope(), at, "aws.cloudwatch", type, List.of(a.arn()), detail));
  }

  static Map<String, Object> state(StoredAlarm a) {
    Map<String, Object> all =
        Json.map(
            "value", a.state(), "reason", a.reason(), "timestamp", Json.time(a.stateUpdated()));
    if (a.reasonData() != null) {
      all.put("reasonData", a.reasonData());
    }
    if (a.composite() != null && a.ofAlarms().actionsSuppressedBy() != null) {
      all.put("actionsSuppressedBy", a.ofAlarms().actionsSuppressedBy());
      all.put("actionsSuppressedReason", a.ofAlarms().actionsSuppressedReason());
    }
    return all;
  }

  private static Map<String, Object> historic(StoredAlarm a) {
    Map<String, Object> all = Json.map("stateValue", a.state(), "stateReason", a.reason());
    if (a.reasonData() != null) {
      all.put("stateReasonData", a.reasonData());
    }
    return all;
  }
}
