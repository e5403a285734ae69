package dev.freeway.sns;

import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A topic.
///
/// @param attributes those that were set, in AWS's spelling
/// @param deleted how many subscriptions it once had
@RecordBuilder
record Topic(
    Scope scope,
    String name,
    Map<String, String> attributes,
    Map<String, String> tags,
    @Nullable String dataProtection,
    long deleted)
    implements TopicBuilder.With {
  Topic {
    attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  String arn() {
    return scope.arn("sns", name).toString();
  }

  boolean fifo() {
    return name.endsWith(".fifo");
  }

  boolean contentBased() {
    return "true".equals(attributes.get("ContentBasedDeduplication"));
  }

  /// 1 is RSA with SHA-1, 2 with SHA-256.
  String signatureVersion() {
    return attributes.getOrDefault("SignatureVersion", "1");
  }

  Topic deletedMore(long more) {
    return withDeleted(deleted + more);
  }
}
