package dev.freeway.events;

import dev.freeway.events.api.Target;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A rule with its targets.
///
/// @param state ENABLED, DISABLED or ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS
@RecordBuilder
record StoredRule(
    Scope scope,
    String bus,
    String name,
    @Nullable String pattern,
    @Nullable String schedule,
    String state,
    @Nullable String description,
    @Nullable String roleArn,
    Map<String, String> tags,
    List<Target> targets)
    implements StoredRuleBuilder.With {

  StoredRule {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
    targets = targets == null ? List.of() : List.copyOf(targets);
  }

  String arn() {
    String resource = bus.equals(Bus.DEFAULT) ? "rule/" + name : "rule/" + bus + "/" + name;
    return scope.arn("events", resource).toString();
  }

  String key() {
    return scope.key(bus, name);
  }

  boolean enabled() {
    return !state.equals("DISABLED");
  }
}
