package dev.freeway.sqs;

import dev.freeway.sqs.api.SqsErrors;
import dev.freeway.wire.AwsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The attributes a queue can be given: their defaults, and what is allowed.
final class QueueAttributes {
  static final Map<String, String> DEFAULTS =
      Map.of(
          "VisibilityTimeout", "30",
          "MaximumMessageSize", "1048576",
          "MessageRetentionPeriod", "345600",
          "DelaySeconds", "0",
          "ReceiveMessageWaitTimeSeconds", "0",
          "SqsManagedSseEnabled", "true",
          "ContentBasedDeduplication", "false",
          "DeduplicationScope", "queue",
          "FifoThroughputLimit", "perQueue");

  private static final Set<String> READ_ONLY =
      Set.of(
          "All",
          "QueueArn",
          "ApproximateNumberOfMessages",
          "ApproximateNumberOfMessagesNotVisible",
          "ApproximateNumberOfMessagesDelayed",
          "CreatedTimestamp",
          "LastModifiedTimestamp");
  private static final Set<String> FIFO_ONLY =
      Set.of("ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit");
  private static final Set<String> REMOVABLE =
      Set.of("Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId");

  private QueueAttributes() {}

  /// The attributes after these changes. An empty policy takes the policy away.
  static Map<String, String> merged(
      boolean fifo, Map<String, String> before, Map<String, String> changes) {
    Map<String, String> all = new HashMap<>(before);
    changes.forEach(
        (name, value) -> {
          check(fifo, name, value);
          if (value.isEmpty()) {
            all.remove(name);
          } else {
            all.put(name, value);
          }
        });
    if (all.containsKey("KmsMasterKeyId") && !changes.containsKey("SqsManagedSseEnabled")) {
      all.put("SqsManagedSseEnabled", "false");
    }
    return all;
  }

  private static void check(boolean fifo, String name, String value) {
    if (READ_ONLY.contains(name)) {
      throw SqsErrors.invalidAttributeName("Unknown Attribute " + name + ".");
    }
    if (FIFO_ONLY.contains(name) && !fifo) {
      throw SqsErrors.invalidAttributeName("Unknown Attribute " + name + ".");
    }
    if (value.isEmpty() && REMOVABLE.contains(name)) {
      return;
    }
    switch (name) {
      case "DelaySeconds" -> number(name, value, 0, 900);
      case "VisibilityTimeout" -> number(name, value, 0, 43200);
      case "MaximumMessageSize" -> number(name, value, 1024, 1048576);
      case "MessageRetentionPeriod" -> number(name, value, 60, 1209600);
      case "ReceiveMessageWaitTimeSeconds" -> number(name, value, 0, 20);
      case "KmsDataKeyReusePeriodSeconds" -> number(name, value, 60, 86400);
      case "FifoQueue", "ContentBasedDeduplication", "SqsManagedSseEnabled" ->
          oneOf(name, value, List.of("true", "false"));
      case "DeduplicationScope" -> oneOf(name, value, List.of("messageGroup", "queue"));
      case "FifoThroughputLimit" -> oneOf(name, value, List.of("perQueue", "perMessageGroupId"));
      case "RedrivePolicy" -> redrive(value);
      case "RedriveAllowPolicy" -> {
        String permission = json(name, value).path("redrivePermission").asString("");
        if (!List.of("allowAll", "denyAll", "byQueue").contains(permission)) {
          throw invalid(name);
        }
      }
      case "Policy" -> {
        if (!json(name, value).has("Statement")) {
          throw invalid(name);
        }
      }
      default -> {}
    }
  }

  private static void redrive(String value) {
    JsonNode policy = json("RedrivePolicy", value);
    String count = policy.path("maxReceiveCount").asString("");
    if (!policy.path("deadLetterTargetArn").isString()
        || !count.matches("[0-9]{1,4}")
        || Integer.parseInt(count) < 1
        || Integer.parseInt(count) > 1000) {
      throw parameter(
          value, "RedrivePolicy", "Invalid value for maxReceiveCount or deadLetterTargetArn.");
    }
  }

  private static JsonNode json(String name, String value) {
    try {
      JsonNode node = JsonMapper.shared().readTree(value);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JacksonException e) {
      throw parameter(value, name, "Redrive policy is not a valid JSON map.");
    }
    throw parameter(value, name, "It is not a valid JSON map.");
  }

  private static void number(String name, String value, int least, int most) {
    if (!value.matches("[0-9]{1,9}")
        || Integer.parseInt(value) < least
        || Integer.parseInt(value) > most) {
      throw invalid(name);
    }
  }

  private static void oneOf(String name, String value, List<String> values) {
    if (!values.contains(value)) {
      throw invalid(name);
    }
  }

  private static AwsException invalid(String name) {
    return AwsException.client(
        "InvalidAttributeValue", "Invalid value for the parameter " + name + ".");
  }

  static AwsException parameter(@Nullable String value, String name, String reason) {
    return AwsException.client(
        "InvalidParameterValue",
        "Value " + value + " for parameter " + name + " is invalid. Reason: " + reason);
  }
}
