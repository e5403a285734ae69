package dev.freeway.logs.pattern;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Named fields of a space-delimited message; `...` stands for any number of fields.
record FieldsPattern(List<Field> fields) implements FilterPattern {
  // A field is a word, or what stands in quotes or square brackets.
  private static final Pattern FIELD = Pattern.compile("\"([^\"]*)\"|\\[([^\\]]*)]|(\\S+)");

  record Field(String name, Predicate<String> condition) {}

  static FieldsPattern parse(String inner) {
    Tokens tokens = new Tokens(inner);
    List<Field> fields = new ArrayList<>();
    while (!tokens.atEnd()) {
      String name = tokens.take();
      Predicate<String> condition = text -> true;
      if (!tokens.atEnd() && !tokens.peek().equals(",")) {
        condition = comparisons(tokens, name);
      }
      fields.add(new Field(name, condition));
      if (!tokens.atEnd()) {
        tokens.expect(",");
      }
    }
    return new FieldsPattern(List.copyOf(fields));
  }

  // `status = 4* || status = 5*`
  private static Predicate<String> comparisons(Tokens tokens, String name) {
    Predicate<String> all = Comparison.read(tokens)::test;
    while (tokens.peek().equals("&&") || tokens.peek().equals("||")) {
      boolean and = tokens.take().equals("&&");
      tokens.expect(name);
      Predicate<String> more = Comparison.read(tokens)::test;
      all = and ? all.and(more) : all.or(more);
    }
    return all;
  }

  private static List<String> split(String message) {
    List<String> parts = new ArrayList<>();
    Matcher m = FIELD.matcher(message);
    while (m.find()) {
      parts.add(m.group(1) != null ? m.group(1) : m.group(2) != null ? m.group(2) : m.group(3));
    }
    return parts;
  }

  private @Nullable List<String> aligned(String message) {
    List<String> parts = split(message);
    int dots = -1;
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals("...")) {
        dots = i;
      }
    }
    if (dots < 0) {
      return parts.size() == fields.size() ? parts : null;
    }
    int skipped = parts.size() - (fields.size() - 1);
    if (skipped < 0) {
      return null;
    }
    List<String> shown = new ArrayList<>(parts.subList(0, dots));
    shown.add(String.join(" ", parts.subList(dots, dots + skipped)));
    shown.addAll(parts.subList(dots + skipped, parts.size()));
    return shown;
  }

  @Override
  public boolean matches(String message) {
    List<String> values = aligned(message);
    if (values == null) {
      return false;
    }
    for (int i = 0; i < fields.size(); i++) {
      if (!fields.get(i).condition().test(values.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Map<String, String> extract(String message) {
    List<String> values = aligned(message);
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; values != null && i < fields.size(); i++) {
      named.put("$" + fields.get(i).name(), values.get(i));
    }
    return named;
  }
}
