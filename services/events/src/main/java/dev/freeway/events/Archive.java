package dev.freeway.events;

import dev.freeway.platform.Scope;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Keeps the events of a bus that match a pattern, to be replayed.
///
/// @param days how long events are kept; 0 is for ever
/// @param bytes of the events it holds
record Archive(
    Scope scope,
    String name,
    String bus,
    @Nullable String description,
    @Nullable String pattern,
    @Nullable String key,
    int days,
    long count,
    long bytes,
    Instant created) {

  String arn() {
    return scope.arn("events", "archive/" + name).toString();
  }

  String busArn() {
    return scope.arn("events", "event-bus/" + bus).toString();
  }

  String row() {
    return scope.key(name);
  }

  /// When an event of that time goes; null is never.
  @Nullable Instant expiry(Instant event) {
    return days == 0 ? null : event.plus(Duration.ofDays(days));
  }

  Archive holding(long events, long size) {
    return new Archive(scope, name, bus, description, pattern, key, days, events, size, created);
  }
}
