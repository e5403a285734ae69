package dev.freeway.events;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Schedule;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Fires a scheduled rule when its time has come. A time that passed while Freeway was down fires
/// once.
final class ScheduleReconciler implements Reconciler {
  static final String KIND = "events.schedule";
  private static final Table<Next> NEXT = new Table<>("events_schedule", Next.class);
  private static final Duration FARTHEST = Duration.ofDays(30);

  /// @param expression the one `due` was reckoned from: a changed rule starts anew
  record Next(String expression, Instant due) {}

  private final Platform platform;
  private final Rules rules;
  private final Router router;

  ScheduleReconciler(Platform platform, Rules rules, Router router) {
    this.platform = platform;
    this.rules = rules;
    this.router = router;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    return platform.store().write(tx -> tick(tx, key));
  }

  private Outcome tick(Tx tx, String key) {
    Optional<StoredRule> found =
        rules.byKey(tx, key).filter(r -> r.enabled() && r.schedule() != null);
    if (found.isEmpty()) {
      tx.delete(NEXT, key);
      return Outcome.done();
    }
    StoredRule rule = found.get();
    Instant now = platform.clock().instant();
    String expression = Objects.requireNonNull(rule.schedule());
    Schedule schedule = Schedule.parse(expression);
    Next next =
        tx.get(NEXT, key)
            .filter(n -> n.expression().equals(expression))
            .orElseGet(() -> new Next(expression, schedule.next(now)));
    if (!now.isBefore(next.due())) {
      var event =
          Envelope.of(
              Ids.uuid(),
              rule.scope().account(),
              rule.scope().region(),
              next.due(),
              "aws.events",
              "Scheduled Event",
              List.of(rule.arn()),
              JsonMapper.shared().createObjectNode());
      rule.targets().forEach(t -> router.deliver(tx, rule, t, event));
      next = new Next(expression, schedule.next(now));
    }
    tx.put(NEXT, key, next);
    Duration wait = Duration.between(now, next.due());
    return Outcome.retryAfter(wait.compareTo(FARTHEST) > 0 ? FARTHEST : wait);
  }
}
