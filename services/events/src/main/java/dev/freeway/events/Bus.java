package dev.freeway.events;

import dev.freeway.events.api.DeadLetterConfig;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event bus. Every account and region has one named default.
///
/// @param policy who else may send events to it; null is nobody
/// @param deadLetters kept; targets have their own
@RecordBuilder
record Bus(
    Scope scope,
    String name,
    @Nullable String description,
    Instant created,
    Map<String, String> tags,
    @Nullable Instant changed,
    @Nullable String policy,
    @Nullable String key,
    @Nullable DeadLetterConfig deadLetters)
    implements BusBuilder.With {
  static final String DEFAULT = "default";

  Bus {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
    changed = changed == null ? created : changed;
  }

  String arn() {
    return scope.arn("events", "event-bus/" + name).toString();
  }

  Bus withPolicy(@Nullable String other, Instant at) {
    return with().changed(at).policy(other).build();
  }

  Bus described(
      @Nullable String text,
      @Nullable String otherKey,
      @Nullable DeadLetterConfig letters,
      Instant at) {
    return with().description(text).changed(at).key(otherKey).deadLetters(letters).build();
  }
}
