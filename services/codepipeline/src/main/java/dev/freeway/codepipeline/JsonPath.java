package dev.freeway.codepipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Paths into JSON: `$.a.b`, `$['a']`, `$.a[0]`, `$.a[*].b`, `$.a.*`, `$..b`. Without expressions,
/// which AWS's filters are not known to need.
final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.\\.([A-Za-z0-9_-]+)|\\.([A-Za-z0-9_-]+|\\*)|\\['([^']*)']|\\[(\\d{1,9}|\\*)]");

  private record Step(String name, boolean deep) {}

  private final List<Step> steps = new ArrayList<>();

  private JsonPath() {}

  /// Throws IllegalArgumentException with what is wrong.
  static JsonPath parse(String text) {
    if (!text.startsWith("$")) {
      throw new IllegalArgumentException("it must start with $");
    }
    JsonPath path = new JsonPath();
    Matcher m = STEP.matcher(text);
    int at = 1;
    while (at < text.length()) {
      if (!m.find(at) || m.start() != at) {
        throw new IllegalArgumentException("unexpected " + text.substring(at));
      }
      String name = m.group(1);
      for (int i = 2; name == null; i++) {
        name = m.group(i);
      }
      path.steps.add(new Step(name, m.group(1) != null));
      at = m.end();
    }
    return path;
  }

  /// Everything the path leads to.
  List<JsonNode> find(JsonNode root) {
    List<JsonNode> here = List.of(root);
    for (Step s : steps) {
      List<JsonNode> next = new ArrayList<>();
      here.forEach(n -> step(n, s, next));
      here = next;
    }
    return here;
  }

  private static void step(JsonNode n, Step s, List<JsonNode> out) {
    if (s.name().equals("*")) {
      n.forEach(out::add);
      return;
    }
    JsonNode child =
        n.isArray() && s.name().matches("\\d{1,9}")
            ? n.get(Integer.parseInt(s.name()))
            : n.get(s.name());
    if (child != null) {
      out.add(child);
    }
    if (s.deep()) {
      n.forEach(c -> step(c, s, out));
    }
  }
}
