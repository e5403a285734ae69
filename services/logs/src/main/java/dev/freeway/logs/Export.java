package dev.freeway.logs;

import dev.freeway.platform.Scope;
import org.jspecify.annotations.Nullable;

/// A task that writes a span of a group's events to a bucket.
///
/// @param from of the events, inclusive, in milliseconds; `to` is exclusive
/// @param code PENDING, RUNNING, COMPLETED, FAILED or CANCELLED
record Export(
    Scope scope,
    String id,
    @Nullable String name,
    String group,
    @Nullable String streamPrefix,
    long from,
    long to,
    String bucket,
    String prefix,
    String code,
    @Nullable String message,
    long created,
    @Nullable Long completed) {

  String row() {
    return scope.key(id);
  }

  boolean over() {
    return completed != null;
  }

  Export running() {
    return new Export(
        scope,
        id,
        name,
        group,
        streamPrefix,
        from,
        to,
        bucket,
        prefix,
        "RUNNING",
        null,
        created,
        null);
  }

  Export over(String how, @Nullable String why, long at) {
    return new Export(
        scope, id, name, group, streamPrefix, from, to, bucket, prefix, how, why, created, at);
  }
}
