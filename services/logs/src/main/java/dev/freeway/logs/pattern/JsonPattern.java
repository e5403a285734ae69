package dev.freeway.logs.pattern;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Conditions on the members of a JSON message, with `&&`, `||` and brackets.
final class JsonPattern implements FilterPattern {
  private final Predicate<JsonNode> condition;
  private final Set<String> selectors;

  private JsonPattern(Predicate<JsonNode> condition, Set<String> selectors) {
    this.condition = condition;
    this.selectors = selectors;
  }

  static JsonPattern parse(String inner) {
    Tokens tokens = new Tokens(inner);
    Set<String> selectors = new LinkedHashSet<>();
    Predicate<JsonNode> condition = or(tokens, selectors);
    if (!tokens.atEnd()) {
      throw new IllegalArgumentException("unexpected '" + tokens.peek() + "'");
    }
    return new JsonPattern(condition, selectors);
  }

  private static Predicate<JsonNode> or(Tokens tokens, Set<String> selectors) {
    Predicate<JsonNode> left = and(tokens, selectors);
    while (tokens.takeIf("||")) {
      left = left.or(and(tokens, selectors));
    }
    return left;
  }

  private static Predicate<JsonNode> and(Tokens tokens, Set<String> selectors) {
    Predicate<JsonNode> left = one(tokens, selectors);
    while (tokens.takeIf("&&")) {
      left = left.and(one(tokens, selectors));
    }
    return left;
  }

  private static Predicate<JsonNode> one(Tokens tokens, Set<String> selectors) {
    if (tokens.takeIf("(")) {
      Predicate<JsonNode> inner = or(tokens, selectors);
      tokens.expect(")");
      return inner;
    }
    String selector = tokens.take();
    if (!selector.startsWith("$")) {
      throw new IllegalArgumentException("a selector starts with $, not '" + selector + "'");
    }
    selectors.add(selector);
    switch (tokens.peek().toUpperCase(java.util.Locale.ROOT)) {
      case "IS" -> {
        tokens.take();
        String what = tokens.take().toUpperCase(java.util.Locale.ROOT);
        return n -> {
          JsonNode v = select(n, selector);
          return v != null
              && (what.equals("NULL")
                  ? v.isNull()
                  : v.isBoolean() && v.asBoolean() == what.equals("TRUE"));
        };
      }
      case "NOT" -> {
        tokens.take();
        tokens.expect("EXISTS");
        return n -> select(n, selector) == null;
      }
      case "EXISTS" -> {
        tokens.take();
        return n -> select(n, selector) != null;
      }
      default -> {
        Comparison comparison = Comparison.read(tokens);
        return n -> {
          JsonNode v = select(n, selector);
          return v != null && v.isValueNode() && comparison.test(v.asString());
        };
      }
    }
  }

  // `$.a.b`, `$.list[0].c`
  private static @Nullable JsonNode select(JsonNode root, String selector) {
    JsonNode n = root;
    for (String part : selector.substring(1).split("\\.")) {
      if (part.isEmpty()) {
        continue;
      }
      String name = part.replaceAll("\\[.*", "");
      if (!name.isEmpty()) {
        n = n == null ? null : n.get(name);
      }
      for (String index : part.substring(name.length()).split("]")) {
        if (index.startsWith("[") && n != null) {
          String inside = index.substring(1);
          n =
              inside.matches("\\d+")
                  ? n.get(Integer.parseInt(inside))
                  : n.get(inside.replaceAll("^['\"]|['\"]$", ""));
        }
      }
    }
    return n;
  }

  private static @Nullable JsonNode json(String message) {
    if (!message.stripLeading().startsWith("{")) {
      return null;
    }
    try {
      return JsonMapper.shared().readTree(message);
    } catch (JacksonException e) {
      return null;
    }
  }

  @Override
  public boolean matches(String message) {
    JsonNode n = json(message);
    return n != null && condition.test(n);
  }

  @Override
  public Map<String, String> extract(String message) {
    Map<String, String> values = new LinkedHashMap<>();
    JsonNode n = json(message);
    for (String s : selectors) {
      JsonNode v = n == null ? null : select(n, s);
      if (v != null) {
        values.put(s, v.isValueNode() ? v.asString() : v.toString());
      }
    }
    return values;
  }

  @Override
  public @Nullable String value(String message, String selector) {
    JsonNode n = json(message);
    JsonNode v = n == null ? null : select(n, selector);
    return v != null && v.isValueNode() && !v.isNull() ? v.asString() : null;
  }
}
