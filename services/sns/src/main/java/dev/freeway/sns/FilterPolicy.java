package dev.freeway.sns;

import dev.freeway.platform.EventPattern;
import dev.freeway.sns.api.MessageAttributeValue;
import java.math.BigDecimal;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whether a subscription wants a message, by its attributes or by its body.
final class FilterPolicy {
  private FilterPolicy() {}

  static void check(String json) {
    try {
      JsonNode node = JsonMapper.shared().readTree(json);
      if (node != null && node.isObject() && node.isEmpty()) {
        return;
      }
      EventPattern.parse(json);
    } catch (IllegalArgumentException | JacksonException e) {
      throw Topics.invalid("FilterPolicy: " + e.getMessage());
    }
  }

  static boolean isNested(String json) {
    return JsonMapper.shared().readTree(json).values().stream().anyMatch(JsonNode::isObject);
  }

  static boolean wants(
      Subscriber s, String message, Map<String, MessageAttributeValue> attributes) {
    String policy = s.filterPolicy();
    if (policy == null || JsonMapper.shared().readTree(policy).isEmpty()) {
      return true;
    }
    return s.filtersBody()
        ? bodyMatches(policy, message)
        : EventPattern.parse(policy).matches(node(attributes));
  }

  private static boolean bodyMatches(String policy, String message) {
    try {
      JsonNode body = JsonMapper.shared().readTree(message);
      return body != null && body.isObject() && EventPattern.parse(policy).matches(body);
    } catch (JacksonException e) {
      // What is not JSON has none of the properties asked for.
      return false;
    }
  }

  private static ObjectNode node(Map<String, MessageAttributeValue> attributes) {
    ObjectNode all = JsonMapper.shared().createObjectNode();
    attributes.forEach(
        (name, v) -> {
          switch (v.dataType()) {
            case "Number" -> all.put(name, number(v.stringValue()));
            case "String.Array" -> all.set(name, array(v.stringValue()));
            case "Binary" -> {}
            default -> all.put(name, v.stringValue());
          }
        });
    return all;
  }

  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text.trim());
    } catch (NumberFormatException e) {
      throw Topics.invalid("Message attribute is not a number: " + text);
    }
  }

  private static JsonNode array(String json) {
    try {
      return JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw Topics.invalid("Message attribute is not an array: " + json);
    }
  }
}
