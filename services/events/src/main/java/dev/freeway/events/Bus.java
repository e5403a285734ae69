package dev.freeway.events;

import dev.freeway.events.api.DeadLetterConfig;
import dev.freeway.platform.Scope;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event bus. Every account and region has one named default.
///
/// @param policy who else may send events to it; null is nobody
/// @param deadLetters kept; targets have their own
record Bus(
    Scope scope,
    String name,
    @Nullable String description,
    Instant created,
    Map<String, String> tags,
    @Nullable Instant changed,
    @Nullable String policy,
    @Nullable String key,
    @Nullable DeadLetterConfig deadLetters) {
  static final String DEFAULT = "default";

  Bus {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
    changed = changed == null ? created : changed;
  }

  String arn() {
    return scope.arn("events", "event-bus/" + name).toString();
  }

  Bus withTags(Map<String, String> other) {
    return new Bus(scope, name, description, created, other, changed, policy, key, deadLetters);
  }

  Bus withPolicy(@Nullable String other, Instant at) {
    return new Bus(scope, name, description, created, tags, at, other, key, deadLetters);
  }

  Bus described(
      @Nullable String text,
      @Nullable String otherKey,
      @Nullable DeadLetterConfig letters,
      Instant at) {
    return new Bus(scope, name, text, created, tags, at, policy, otherKey, letters);
  }
}
