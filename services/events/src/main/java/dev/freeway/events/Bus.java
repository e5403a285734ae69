package dev.freeway.events;

import dev.freeway.platform.Scope;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event bus. Every account and region has one named default.
record Bus(
    Scope scope,
    String name,
    @Nullable String description,
    Instant created,
    Map<String, String> tags) {
  static final String DEFAULT = "default";

  Bus {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  String arn() {
    return scope.arn("events", "event-bus/" + name).toString();
  }

  Bus withTags(Map<String, String> other) {
    return new Bus(scope, name, description, created, other);
  }
}
