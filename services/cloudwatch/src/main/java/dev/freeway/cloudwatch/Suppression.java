package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.CompositeAlarm;
import dev.freeway.flow.Flow;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The actions of a composite alarm wait while another alarm says so. On entering ALARM they wait
/// for `WaitPeriod`, in which the suppressor may go into ALARM; then as long as it is; then for
/// `ExtensionPeriod` more. If the alarm has left ALARM by then, nothing is done. See "Composite
/// alarm action suppression" in the user guide.
final class Suppression {
  private static final Table<Held> TABLE = new Table<>("cloudwatch_held", Held.class);

  /// The transition whose actions wait.
  ///
  /// @param by `WaitPeriod`, `Alarm` or `ExtensionPeriod`
  /// @param until null while the suppressor is in ALARM
  record Held(
      StoredAlarm before, StoredAlarm after, Instant at, String by, @Nullable Instant until) {
    Held by(String other, @Nullable Instant end) {
      return new Held(before, after, at, other, end);
    }
  }

  private final Flow flow;
  private final Alarms alarms;
  private final Actions actions;

  Suppression(Flow flow, Alarms alarms, Actions actions) {
    this.flow = flow;
    this.alarms = alarms;
    this.actions = actions;
  }

  /// The alarm has entered a state: its actions are queued, or held.
  StoredAlarm entered(Tx tx, StoredAlarm before, StoredAlarm after, Instant at) {
    Optional<Held> earlier = tx.get(TABLE, after.key());
    tx.delete(TABLE, after.key());
    StoredAlarm now = free(after);
    if (!hasSuppressor(after)) {
      actions.queue(tx, before, now, at);
      return now;
    }
    if (!after.state().equals(StoredAlarm.ALARM)) {
      // What nobody was told of needs no all-clear.
      if (earlier.isEmpty() && !suppressorRings(tx, after)) {
        actions.queue(tx, before, now, at);
      }
      return now;
    }
    CompositeAlarm c = after.ofAlarms();
    Held held =
        suppressorRings(tx, after)
            ? new Held(before, now, at, "Alarm", null)
            : new Held(
                before, now, at, "WaitPeriod", at.plusSeconds(c.actionsSuppressorWaitPeriod()));
    return hold(tx, now, held);
  }

  /// The suppressor may have changed, or a time may be over.
  StoredAlarm looked(Tx tx, StoredAlarm alarm, Instant now) {
    Held held = tx.get(TABLE, alarm.key()).orElse(null);
    if (held == null) {
      return alarm;
    }
    if (!alarm.actionsEnabled()) {
      tx.delete(TABLE, alarm.key());
      return free(alarm);
    }
    boolean rings = hasSuppressor(alarm) && suppressorRings(tx, alarm);
    if (rings) {
      return held.by().equals("Alarm") ? alarm : hold(tx, alarm, held.by("Alarm", null));
    }
    if (held.by().equals("Alarm") && hasSuppressor(alarm)) {
      Instant end = now.plusSeconds(alarm.ofAlarms().actionsSuppressorExtensionPeriod());
      return hold(tx, alarm, held.by("ExtensionPeriod", end));
    }
    if (held.until() != null && now.isBefore(held.until())) {
      return alarm;
    }
    tx.delete(TABLE, alarm.key());
    actions.queue(tx, held.before(), held.after(), held.at());
    return free(alarm);
  }

  void forget(Tx tx, StoredAlarm alarm) {
    tx.delete(TABLE, alarm.key());
  }

  private StoredAlarm hold(Tx tx, StoredAlarm alarm, Held held) {
    tx.put(TABLE, alarm.key(), held);
    if (held.until() != null) {
      flow.wakeAt(tx, CompositeEvaluation.KIND, alarm.key(), held.until());
    }
    String why =
        switch (held.by()) {
          case "Alarm" -> "Actions suppressed by " + alarm.ofAlarms().actionsSuppressor();
          case "WaitPeriod" ->
              "Actions suppressed until " + held.until() + " by the suppressor's wait period";
          default ->
              "Actions suppressed until " + held.until() + " by the suppressor's extension period";
        };
    return suppressed(alarm, held.by(), why);
  }

  private static StoredAlarm free(StoredAlarm alarm) {
    return alarm.composite() == null ? alarm : suppressed(alarm, null, null);
  }

  private static StoredAlarm suppressed(
      StoredAlarm alarm, @Nullable String by, @Nullable String why) {
    return StoredAlarm.of(
        alarm.scope(),
        alarm.ofAlarms().toBuilder().actionsSuppressedBy(by).actionsSuppressedReason(why).build(),
        alarm.tags());
  }

  static boolean hasSuppressor(StoredAlarm alarm) {
    return alarm.composite() != null && alarm.ofAlarms().actionsSuppressor() != null;
  }

  private boolean suppressorRings(ReadTx tx, StoredAlarm alarm) {
    return alarms
        .named(tx, alarm.scope(), alarm.ofAlarms().actionsSuppressor())
        .filter(s -> s.state().equals(StoredAlarm.ALARM))
        .isPresent();
  }
}
