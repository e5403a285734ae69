package dev.freeway.platform.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A policy document, ready to be evaluated. Whether it is well-formed is checked where it is
/// stored.
public record Policy(List<Statement> statements) {
  /// Throws [IllegalArgumentException] for what is no policy.
  public static Policy parse(String document) {
    try {
      JsonNode given = JsonMapper.shared().readTree(document).path("Statement");
      List<Statement> statements = new ArrayList<>();
      if (given.isObject()) {
        statements.add(statement(given));
      } else {
        given.forEach(s -> statements.add(statement(s)));
      }
      return new Policy(List.copyOf(statements));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /// Whether a condition looks at a key that starts like this.
  boolean asksFor(String start) {
    return statements.stream()
        .flatMap(s -> s.conditions().stream())
        .anyMatch(c -> c.key().regionMatches(true, 0, start, 0, start.length()));
  }

  private static Statement statement(JsonNode s) {
    boolean others = s.has("NotPrincipal");
    boolean notActions = s.has("NotAction");
    boolean notResources = s.has("NotResource");
    JsonNode principal = s.path(others ? "NotPrincipal" : "Principal");
    return new Statement(
        s.path("Effect").asString("").equals("Allow"),
        principal.isMissingNode() ? null : principals(principal),
        others,
        strings(s.path(notActions ? "NotAction" : "Action")),
        notActions,
        strings(s.path(notResources ? "NotResource" : "Resource")),
        notResources,
        conditions(s.path("Condition")));
  }

  private static Principals principals(JsonNode principal) {
    if (principal.isString()) {
      return new Principals(Map.of());
    }
    Map<String, List<String>> named = new TreeMap<>();
    principal.properties().forEach(e -> named.put(e.getKey(), strings(e.getValue())));
    return new Principals(named);
  }

  private static List<Condition> conditions(JsonNode block) {
    List<Condition> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> operator : block.properties()) {
      for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
        all.add(Condition.of(operator.getKey(), key.getKey(), strings(key.getValue())));
      }
    }
    return List.copyOf(all);
  }

  /// A value or a list of them; numbers and booleans are as good as their text.
  private static List<String> strings(JsonNode node) {
    List<String> all = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(n -> all.add(n.asString()));
    } else if (!node.isMissingNode()) {
      all.add(node.asString());
    }
    return List.copyOf(all);
  }
}
