package dev.freeway.platform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An event pattern, as EventBridge's rules and SNS's filter policies have it: names lead to nested
/// patterns or to lists of values and filters, one of which must fit.
public final class EventPattern {
  private final Map<String, EventPattern> nested = new LinkedHashMap<>();
  private final Map<String, List<ValueFilter>> values = new LinkedHashMap<>();
  private final List<EventPattern> anyOf = new ArrayList<>();

  /// Throws IllegalArgumentException with what is wrong.
  public static EventPattern parse(String json) {
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("Filter is not an object");
    }
    if (root == null || !root.isObject()) {
      throw new IllegalArgumentException("Filter is not an object");
    }
    return of(root);
  }

  private static EventPattern of(JsonNode node) {
    EventPattern p = new EventPattern();
    if (node.isEmpty()) {
      throw new IllegalArgumentException("Empty objects are not allowed");
    }
    for (Map.Entry<String, JsonNode> e : node.properties()) {
      JsonNode v = e.getValue();
      if (e.getKey().equals("$or") && v.isArray()) {
        v.forEach(alternative -> p.anyOf.add(of(alternative)));
      } else if (v.isObject()) {
        p.nested.put(e.getKey(), of(v));
      } else if (v.isArray()) {
        List<ValueFilter> filters = new ArrayList<>();
        v.forEach(x -> filters.add(ValueFilter.of(x)));
        if (filters.isEmpty()) {
          throw new IllegalArgumentException("Empty arrays are not allowed");
        }
        p.values.put(e.getKey(), filters);
      } else {
        throw new IllegalArgumentException("\"" + e.getKey() + "\" must be an object or an array");
      }
    }
    return p;
  }

  public boolean matches(JsonNode event) {
    for (Map.Entry<String, List<ValueFilter>> e : values.entrySet()) {
      JsonNode actual = event.get(e.getKey());
      if (e.getValue().stream().noneMatch(f -> f.matches(actual))) {
        return false;
      }
    }
    for (Map.Entry<String, EventPattern> e : nested.entrySet()) {
      JsonNode actual = event.get(e.getKey());
      if (!nested(e.getValue(), actual)) {
        return false;
      }
    }
    return anyOf.isEmpty() || anyOf.stream().anyMatch(p -> p.matches(event));
  }

  // Of a list of objects, one must match.
  private static boolean nested(EventPattern pattern, @Nullable JsonNode actual) {
    if (actual != null && actual.isArray() && !actual.isEmpty()) {
      return actual.valueStream().anyMatch(element -> nested(pattern, element));
    }
    return pattern.matches(
        actual != null && actual.isObject() ? actual : JsonMapper.shared().createObjectNode());
  }
}
