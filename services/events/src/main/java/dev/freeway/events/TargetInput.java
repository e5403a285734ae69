package dev.freeway.events;

import dev.freeway.events.api.Target;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a target receives: the event, a part of it, a constant, or what a transformer makes.
final class TargetInput {
  private TargetInput() {}

  static String of(Target target, StoredRule rule, JsonNode event, Instant now) {
    if (target.input() != null) {
      return target.input();
    }
    if (target.inputPath() != null) {
      JsonNode part = select(event, target.inputPath());
      return part == null ? "null" : part.toString();
    }
    if (target.inputTransformer() != null) {
      return transform(target, rule, event, now);
    }
    return event.toString();
  }

  private static String transform(Target target, StoredRule rule, JsonNode event, Instant now) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    Map<String, String> paths = target.inputTransformer().inputPathsMap();
    if (paths != null) {
      paths.forEach(
          (name, path) -> {
            JsonNode v = select(event, path);
            if (v != null) {
              values.put(name, v);
            }
          });
    }
    String out = target.inputTransformer().inputTemplate();
    for (Map.Entry<String, JsonNode> e : values.entrySet()) {
      String placeholder = "<" + e.getKey() + ">";
      String raw = e.getValue().isValueNode() ? e.getValue().asString() : e.getValue().toString();
      // Inside quotes a value stands as it is; bare, it is JSON.
      out =
          out.replace(
              "\"" + placeholder + "\"",
              e.getValue().isString()
                  ? e.getValue().toString()
                  : "\"" + raw.replace("\"", "\\\"") + "\"");
      out = replaceBare(out, placeholder, e.getValue(), raw);
    }
    return out.replace("<aws.events.rule-arn>", rule.arn())
        .replace("<aws.events.rule-name>", rule.name())
        .replace("<aws.events.event.ingestion-time>", now.toString())
        .replace("<aws.events.event.json>", event.toString())
        .replace("<aws.events.event>", event.toString());
  }

  private static String replaceBare(
      String template, String placeholder, JsonNode value, String raw) {
    StringBuilder out = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (c == '"' && (i == 0 || template.charAt(i - 1) != '\\')) {
        quoted = !quoted;
      }
      if (c == '<' && template.startsWith(placeholder, i)) {
        out.append(quoted ? raw : value.toString());
        i += placeholder.length() - 1;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /// `$.detail.items[0].name`
  static @Nullable JsonNode select(JsonNode root, String path) {
    JsonNode n = root;
    for (String part : path.replaceFirst("^\\$\\.?", "").split("\\.")) {
      if (part.isEmpty()) {
        continue;
      }
      String name = part.replaceAll("\\[.*", "");
      n = n == null || name.isEmpty() ? n : n.get(name);
      for (String index : part.substring(name.length()).replace("[", "").split("]")) {
        if (!index.isEmpty() && n != null) {
          n = n.get(Integer.parseInt(index));
        }
      }
    }
    return n;
  }
}
