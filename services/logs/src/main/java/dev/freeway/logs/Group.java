package dev.freeway.logs;

import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A log group.
///
/// @param created in milliseconds since the epoch, as all times of this service are
@RecordBuilder
record Group(
    Scope scope,
    String name,
    long created,
    @Nullable Integer retentionInDays,
    @Nullable String kmsKeyId,
    String groupClass,
    Map<String, String> tags,
    boolean deletionProtected)
    implements GroupBuilder.With {
  Group {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  String arn() {
    return scope.arn("logs", "log-group:" + name).toString();
  }

  Group withRetention(@Nullable Integer days) {
    return withRetentionInDays(days);
  }

  Group withKey(@Nullable String key) {
    return withKmsKeyId(key);
  }

  Group withDeletionProtection(boolean on) {
    return withDeletionProtected(on);
  }
}
