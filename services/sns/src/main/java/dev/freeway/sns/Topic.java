package dev.freeway.sns;

import dev.freeway.platform.Scope;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A topic.
///
/// @param attributes those that were set, in AWS's spelling
/// @param deleted how many subscriptions it once had
record Topic(
    Scope scope,
    String name,
    Map<String, String> attributes,
    Map<String, String> tags,
    @Nullable String dataProtection,
    long deleted) {
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

  Topic withAttributes(Map<String, String> other) {
    return new Topic(scope, name, other, tags, dataProtection, deleted);
  }

  Topic withTags(Map<String, String> other) {
    return new Topic(scope, name, attributes, other, dataProtection, deleted);
  }

  Topic withDataProtection(@Nullable String policy) {
    return new Topic(scope, name, attributes, tags, policy, deleted);
  }

  Topic withDeleted(long more) {
    return new Topic(scope, name, attributes, tags, dataProtection, deleted + more);
  }
}
