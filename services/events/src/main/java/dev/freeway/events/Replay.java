package dev.freeway.events;

import dev.freeway.events.api.ReplayDestination;
import dev.freeway.platform.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Sends events of an archive to a bus again.
///
/// @param state STARTING, RUNNING, CANCELLING, COMPLETED, CANCELLED or FAILED
/// @param reached key of the last event sent; empty before the first
/// @param last time of the last event sent
record Replay(
    Scope scope,
    String name,
    @Nullable String description,
    String archive,
    ReplayDestination destination,
    Instant from,
    Instant to,
    String state,
    @Nullable String reason,
    String reached,
    @Nullable Instant last,
    Instant started,
    @Nullable Instant ended) {

  String arn() {
    return scope.arn("events", "replay/" + name).toString();
  }

  String archiveArn() {
    return scope.arn("events", "archive/" + archive).toString();
  }

  String row() {
    return scope.key(name);
  }

  boolean over() {
    return ended != null;
  }

  Replay in(String other) {
    return new Replay(
        scope,
        name,
        description,
        archive,
        destination,
        from,
        to,
        other,
        reason,
        reached,
        last,
        started,
        ended);
  }

  Replay reached(String key, Instant time) {
    return new Replay(
        scope,
        name,
        description,
        archive,
        destination,
        from,
        to,
        "RUNNING",
        reason,
        key,
        time,
        started,
        ended);
  }

  Replay over(String how, @Nullable String why, Instant at) {
    return new Replay(
        scope,
        name,
        description,
        archive,
        destination,
        from,
        to,
        how,
        why,
        reached,
        last,
        started,
        at);
  }
}
