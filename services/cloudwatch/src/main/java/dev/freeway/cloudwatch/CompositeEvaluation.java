package dev.freeway.cloudwatch;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Looks at one composite alarm when something it is made of has changed.
final class CompositeEvaluation implements Reconciler {
  static final String KIND = "cloudwatch.composite";
  private static final DateTimeFormatter LONG =
      DateTimeFormatter.ofPattern("EEEE dd MMMM, yyyy HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Platform platform;
  private final Alarms alarms;
  private final Transitions transitions;
  private final Suppression suppression;

  CompositeEvaluation(
      Platform platform, Alarms alarms, Transitions transitions, Suppression suppression) {
    this.suppression = suppression;
    this.platform = platform;
    this.alarms = alarms;
    this.transitions = transitions;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Instant now = platform.clock().instant();
    platform
        .store()
        .update(
            tx -> {
              alarms.byKey(tx, key).ifPresent(a -> evaluate(tx, a, now));
              alarms.byKey(tx, key).ifPresent(a -> release(tx, a, now));
            });
    return Outcome.done();
  }

  private void release(Tx tx, StoredAlarm alarm, Instant now) {
    StoredAlarm after = suppression.looked(tx, alarm, now);
    if (!after.equals(alarm)) {
      alarms.save(tx, after);
    }
  }

  private void evaluate(Tx tx, StoredAlarm alarm, Instant now) {
    if (alarm.composite() == null) {
      return;
    }
    AlarmRule rule = AlarmRule.parse(alarm.ofAlarms().alarmRule());
    List<StoredAlarm> children = children(tx, alarm, rule);
    boolean gone = children.size() < rule.names().size();
    String state =
        gone
            ? StoredAlarm.UNKNOWN
            : rule.holds(name -> state(tx, alarm, name)) ? StoredAlarm.ALARM : StoredAlarm.OK;
    if (state.equals(alarm.state())) {
      return;
    }
    StoredAlarm last =
        children.stream().max(Comparator.comparing(StoredAlarm::stateUpdated)).orElse(null);
    boolean first = alarm.reason().startsWith("Unchecked");
    String reason =
        gone
            ? "An alarm of the alarm rule does not exist any more"
            : first || last == null
                ? alarm.arn() + " was created and its alarm rule evaluates to " + state
                : last.arn()
                    + " transitioned to "
                    + last.state()
                    + " at "
                    + LONG.format(last.stateUpdated());
    String data =
        last == null ? null : Json.write(Json.map("triggeringAlarms", List.of(child(last))));
    transitions.to(tx, alarm, state, reason, data, now);
  }

  static Object child(StoredAlarm a) {
    return Json.map(
        "arn",
        a.arn(),
        "state",
        Json.map("value", a.state(), "timestamp", Json.time(a.stateUpdated())));
  }

  private List<StoredAlarm> children(ReadTx tx, StoredAlarm alarm, AlarmRule rule) {
    return rule.names().stream()
        .map(name -> alarms.find(tx, alarm.scope(), name).orElse(null))
        .filter(Objects::nonNull)
        .toList();
  }

  private String state(ReadTx tx, StoredAlarm alarm, String name) {
    return alarms.find(tx, alarm.scope(), name).map(StoredAlarm::state).orElse(StoredAlarm.UNKNOWN);
  }
}
