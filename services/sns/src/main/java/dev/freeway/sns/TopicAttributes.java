package dev.freeway.sns;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What may be set of a topic.
final class TopicAttributes {
  private static final Set<String> NAMES =
      Set.of(
          "Policy",
          "DisplayName",
          "DeliveryPolicy",
          "KmsMasterKeyId",
          "SignatureVersion",
          "TracingConfig",
          "FifoTopic",
          "FifoThroughputScope",
          "ContentBasedDeduplication");

  private TopicAttributes() {}

  static void check(boolean fifo, String name, String value) {
    if (name.equals("ArchivePolicy")) {
      throw Topics.invalid("Freeway does not archive messages: ArchivePolicy");
    }
    boolean feedback =
        name.matches(
            "(HTTP|SQS|Lambda|Firehose|Application)(SuccessFeedbackRoleArn|FailureFeedbackRoleArn|SuccessFeedbackSampleRate)");
    if (!NAMES.contains(name) && !feedback) {
      throw Topics.invalid("AttributeName");
    }
    if (value.isEmpty()) {
      return;
    }
    switch (name) {
      case "Policy", "DeliveryPolicy" -> json(name, value);
      case "SignatureVersion" -> oneOf(name, value, "1", "2");
      case "TracingConfig" -> oneOf(name, value, "PassThrough", "Active");
      case "FifoTopic" -> oneOf(name, value, "true", "false");
      case "ContentBasedDeduplication" -> {
        if (!fifo) {
          throw Topics.invalid("Content-based deduplication can only be set for FIFO topics");
        }
        oneOf(name, value, "true", "false");
      }
      default -> {}
    }
  }

  private static void oneOf(String name, String value, String first, String second) {
    if (!value.equals(first) && !value.equals(second)) {
      throw Topics.invalid("Attributes Reason: " + name + ": Invalid value [" + value + "].");
    }
  }

  static JsonNode json(String name, String value) {
    try {
      JsonNode node = JsonMapper.shared().readTree(value);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JacksonException e) {
      throw Topics.invalid(name + ": failed to parse JSON. " + e.getOriginalMessage());
    }
    throw Topics.invalid(name + ": must be a JSON object");
  }

  static String defaultPolicy(Topic topic) {
    return """
        {"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow",\
        "Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission",\
        "SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],\
        "Resource":"%s","Condition":{"StringEquals":{"AWS:SourceOwner":"%s"}}}]}"""
        .formatted(topic.arn(), topic.scope().account());
  }
}
