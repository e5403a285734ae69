package dev.freeway.logs.pattern;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A filter pattern: terms (`ERROR -debug ?a ?b "two words" %regex%`), JSON (`{ $.status = 5* && …
/// }`) or space-delimited fields (`[ip, user, …, status = 4*, size]`).
public interface FilterPattern {
  boolean matches(String message);

  /// Values by name or selector of a message that matches, for TestMetricFilter.
  default Map<String, String> extract(String message) {
    return Map.of();
  }

  /// What a selector (`$.latency`, `$size`) names in a message that matches; null when it has none.
  default @Nullable String value(String message, String selector) {
    return extract(message).get(selector);
  }

  /// Throws IllegalArgumentException with what is wrong.
  static FilterPattern parse(String text) {
    String t = text.trim();
    if (t.isEmpty()) {
      return message -> true;
    }
    if (t.startsWith("{") && t.endsWith("}")) {
      return JsonPattern.parse(t.substring(1, t.length() - 1));
    }
    if (t.startsWith("[") && t.endsWith("]")) {
      return FieldsPattern.parse(t.substring(1, t.length() - 1));
    }
    return TermsPattern.parse(t);
  }
}
