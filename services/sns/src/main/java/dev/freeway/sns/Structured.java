package dev.freeway.sns;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A message that may be another for each protocol (`MessageStructure` `json`).
record Structured(String otherwise, Map<String, String> byProtocol) {

  static Structured of(String message, @Nullable String structure) {
    if (structure == null || structure.isEmpty()) {
      return new Structured(message, Map.of());
    }
    if (!structure.equals("json")) {
      throw Topics.invalid("MessageStructure");
    }
    try {
      JsonNode root = JsonMapper.shared().readTree(message);
      if (root == null || !root.isObject() || !root.path("default").isString()) {
        throw Topics.invalid("Message Structure - No default entry in JSON message body");
      }
      Map<String, String> all = new HashMap<>();
      root.properties().forEach(e -> all.put(e.getKey(), e.getValue().asString("")));
      all.remove("default");
      return new Structured(root.path("default").asString(), all);
    } catch (JacksonException e) {
      throw Topics.invalid("Message Structure - JSON message body failed to parse");
    }
  }

  String of(String protocol) {
    return byProtocol.getOrDefault(protocol, otherwise);
  }
}
