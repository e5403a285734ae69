package dev.freeway.sns;

import dev.freeway.sns.api.MessageAttributeValue;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message on its way to one subscriber.
///
/// @param kind Notification or SubscriptionConfirmation
/// @param subscriber its key; null for a text message to a phone number
/// @param body what this subscriber's protocol is given
/// @param attempts how often delivery failed
record Notification(
    String kind,
    @Nullable String subscriber,
    String topicArn,
    String id,
    @Nullable String subject,
    String body,
    Map<String, MessageAttributeValue> attributes,
    @Nullable String group,
    @Nullable String deduplication,
    @Nullable String sequence,
    Instant published,
    int attempts) {
  Notification {
    attributes = attributes == null ? Map.of() : attributes;
  }

  Notification failedOnce() {
    return new Notification(
        kind,
        subscriber,
        topicArn,
        id,
        subject,
        body,
        attributes,
        group,
        deduplication,
        sequence,
        published,
        attempts + 1);
  }
}
