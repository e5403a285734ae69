package dev.freeway.logs;

import dev.freeway.platform.Scope;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A log group.
///
/// @param created in milliseconds since the epoch, as all times of this service are
record Group(
    Scope scope,
    String name,
    long created,
    @Nullable Integer retentionInDays,
    @Nullable String kmsKeyId,
    String groupClass,
    Map<String, String> tags,
    boolean deletionProtected) {
  Group {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  String arn() {
    return scope.arn("logs", "log-group:" + name).toString();
  }

  Group withRetention(@Nullable Integer days) {
    return new Group(scope, name, created, days, kmsKeyId, groupClass, tags, deletionProtected);
  }

  Group withTags(Map<String, String> other) {
    return new Group(
        scope, name, created, retentionInDays, kmsKeyId, groupClass, other, deletionProtected);
  }

  Group withKey(@Nullable String key) {
    return new Group(
        scope, name, created, retentionInDays, key, groupClass, tags, deletionProtected);
  }

  Group withDeletionProtection(boolean on) {
    return new Group(scope, name, created, retentionInDays, kmsKeyId, groupClass, tags, on);
  }
}
