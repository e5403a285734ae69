package dev.freeway.events;

import dev.freeway.events.api.Target;
import dev.freeway.platform.EventPattern;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Matches events against the rules of a bus and stores a delivery for each target, in the
/// transaction that took the event in.
final class Router {
  static final Table<Delivery> DELIVERIES = new Table<>("events_deliveries", Delivery.class);

  private final Platform platform;
  private final Rules rules;
  private final Archives archives;

  Router(Platform platform, Rules rules, Archives archives) {
    this.platform = platform;
    this.rules = rules;
    this.archives = archives;
  }

  void route(Tx tx, Scope scope, String bus, JsonNode event) {
    archives.keep(tx, scope, bus, event);
    replay(tx, scope, bus, event, List.of());
  }

  /// @param only ARNs of the rules that may see it; empty is all, and so is null
  void replay(Tx tx, Scope scope, String bus, JsonNode event, @Nullable List<String> only) {
    for (StoredRule rule : rules.ofBus(tx, scope, bus)) {
      if (rule.enabled()
          && rule.pattern() != null
          && (only == null || only.isEmpty() || only.contains(rule.arn()))
          && EventPattern.parse(rule.pattern()).matches(event)) {
        rule.targets().forEach(t -> deliver(tx, rule, t, event));
      }
    }
  }

  void deliver(Tx tx, StoredRule rule, Target target, JsonNode event) {
    String id = Ids.uuid();
    String input = TargetInput.of(target, rule, event, platform.clock().instant());
    Delivery delivery =
        new Delivery(rule.scope(), rule.arn(), target, input, platform.clock().instant(), 0);
    tx.put(DELIVERIES, id, delivery);
    platform.flow().wake(tx, DeliveryReconciler.KIND, id);
  }
}
