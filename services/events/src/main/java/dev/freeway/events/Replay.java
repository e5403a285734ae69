package dev.freeway.events;

import dev.freeway.events.api.ReplayDestination;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Sends events of an archive to a bus again.
///
/// @param state STARTING, RUNNING, CANCELLING, COMPLETED, CANCELLED or FAILED
/// @param reached key of the last event sent; empty before the first
/// @param last time of the last event sent
@RecordBuilder
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
    @Nullable Instant ended)
    implements ReplayBuilder.With {

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
    return withState(other);
  }

  Replay reached(String key, Instant time) {
    return with().state("RUNNING").reached(key).last(time).build();
  }

  Replay over(String how, @Nullable String why, Instant at) {
    return with().state(how).reason(why).ended(at).build();
  }
}
