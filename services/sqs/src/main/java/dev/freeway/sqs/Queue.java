package dev.freeway.sqs;

import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A queue without its messages.
///
/// @param store names the messages in the store; a purge gives the queue a new one
/// @param attributes those that were set, in AWS's spelling; the rest have their defaults
@RecordBuilder
record Queue(
    Scope scope,
    String name,
    long store,
    Map<String, String> attributes,
    Map<String, String> tags,
    Instant created,
    Instant modified)
    implements QueueBuilder.With {

  /// Where messages go that were received too often.
  record Redrive(String targetArn, int maxReceives) {}

  Queue {
    attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  String arn() {
    return scope.arn("sqs", name).toString();
  }

  String key() {
    return scope.key(name);
  }

  boolean fifo() {
    return name.endsWith(".fifo");
  }

  boolean contentBased() {
    return attribute("ContentBasedDeduplication").equals("true");
  }

  boolean deduplicatesByGroup() {
    return attribute("DeduplicationScope").equals("messageGroup");
  }

  Duration delay() {
    return seconds("DelaySeconds");
  }

  Duration visibility() {
    return seconds("VisibilityTimeout");
  }

  Duration retention() {
    return seconds("MessageRetentionPeriod");
  }

  Duration longPoll() {
    return seconds("ReceiveMessageWaitTimeSeconds");
  }

  int maxSize() {
    return Integer.parseInt(attribute("MaximumMessageSize"));
  }

  Optional<Redrive> redrive() {
    String json = attributes.get("RedrivePolicy");
    if (json == null) {
      return Optional.empty();
    }
    JsonNode policy = JsonMapper.shared().readTree(json);
    return Optional.of(
        new Redrive(
            policy.get("deadLetterTargetArn").asString(),
            Integer.parseInt(policy.get("maxReceiveCount").asString())));
  }

  private Duration seconds(String name) {
    return Duration.ofSeconds(Long.parseLong(attribute(name)));
  }

  private String attribute(String name) {
    String set = attributes.get(name);
    return set != null ? set : QueueAttributes.DEFAULTS.getOrDefault(name, "");
  }

  Queue with(Map<String, String> other, @Nullable Instant at) {
    return with().attributes(other).modified(at == null ? modified : at).build();
  }
}
