package dev.freeway.sns;

import dev.freeway.platform.Arn;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What may be set of a subscription.
final class SubscriptionAttributes {
  private SubscriptionAttributes() {}

  /// Message attributes have no parts, as a body has: a policy for them is flat.
  static void checkTogether(Map<String, String> attributes) {
    String policy = attributes.getOrDefault("FilterPolicy", "");
    boolean body = "MessageBody".equals(attributes.get("FilterPolicyScope"));
    if (!body && !policy.isEmpty() && FilterPolicy.isNested(policy)) {
      throw Topics.invalid(
          "Attributes Reason: FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy");
    }
  }

  static void check(String protocol, String name, String value) {
    switch (name) {
      case "RawMessageDelivery" -> {
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
          throw Topics.invalid(
              "Attributes Reason: RawMessageDelivery: Invalid value ["
                  + value
                  + "]. Must be true or false.");
        }
        if (value.equalsIgnoreCase("true")
            && !java.util.List.of("sqs", "http", "https").contains(protocol)) {
          throw Topics.invalid(
              "Attributes Reason: RawMessageDelivery is not supported for protocol " + protocol);
        }
      }
      case "FilterPolicy" -> {
        if (!value.isEmpty()) {
          FilterPolicy.check(value);
        }
      }
      case "FilterPolicyScope" -> {
        if (!value.equals("MessageAttributes") && !value.equals("MessageBody")) {
          throw Topics.invalid(
              "Attributes Reason: FilterPolicyScope: Invalid value ["
                  + value
                  + "]. Please use either MessageBody or MessageAttributes");
        }
      }
      case "RedrivePolicy" -> {
        if (!value.isEmpty()) {
          JsonNode policy = TopicAttributes.json("RedrivePolicy", value);
          if (Arn.parse(policy.path("deadLetterTargetArn").asString(""))
              .filter(a -> a.service().equals("sqs"))
              .isEmpty()) {
            throw Topics.invalid("RedrivePolicy: deadLetterTargetArn is an invalid arn");
          }
        }
      }
      case "DeliveryPolicy" -> {
        if (!value.isEmpty()) {
          TopicAttributes.json("DeliveryPolicy", value);
        }
      }
      case "SubscriptionRoleArn" -> {}
      default -> throw Topics.invalid("AttributeName");
    }
  }
}
