package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Invalid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/// Reads values of a buildspec; what has the wrong shape is said by its place. Scalars keep the
/// text they are written with (`0.10` stays `0.10`).
final class Yaml {
  private Yaml() {}

  static Map<String, Object> load(String text) throws Invalid {
    try {
      var settings = LoadSettings.builder().setSchema(new FailsafeSchema()).build();
      return map(new Load(settings).loadFromString(text), "the buildspec");
    } catch (YamlEngineException e) {
      throw new Invalid("YAML is not valid: " + e.getMessage());
    }
  }

  static Map<String, Object> map(@Nullable Object value, String where) throws Invalid {
    if (value == null || "".equals(value)) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new Invalid("Expected a mapping for " + where);
    }
    Map<String, Object> typed = new LinkedHashMap<>();
    map.forEach((k, v) -> typed.put(String.valueOf(k), v));
    return typed;
  }

  static List<Map<String, Object>> maps(@Nullable Object value, String where) throws Invalid {
    if (value == null || "".equals(value)) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw new Invalid("Expected a list for " + where);
    }
    List<Map<String, Object>> all = new ArrayList<>();
    for (Object o : list) {
      all.add(map(o, where));
    }
    return all;
  }

  static Map<String, String> texts(@Nullable Object value, String where) throws Invalid {
    Map<String, String> all = new LinkedHashMap<>();
    for (Map.Entry<String, Object> e : map(value, where).entrySet()) {
      String text = text(e.getValue(), where + "/" + e.getKey());
      all.put(e.getKey(), text == null ? "" : text);
    }
    return all;
  }

  static @Nullable String text(@Nullable Object value, String where) throws Invalid {
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new Invalid("Expected a scalar for " + where);
  }

  /// `yes` and `true` are yes; `no`, `false` and nothing are no.
  static boolean yes(@Nullable Object value, String where) throws Invalid {
    String text = text(value, where);
    return switch (text == null ? "no" : text.toLowerCase(java.util.Locale.ROOT)) {
      case "yes", "true" -> true;
      case "no", "false", "" -> false;
      default -> throw new Invalid(where + " must be yes or no, not " + text);
    };
  }

  /// A list of scalars; a scalar alone is a list of one.
  static List<String> strings(@Nullable Object value, String where) throws Invalid {
    if (value == null || "".equals(value)) {
      return List.of();
    }
    if (value instanceof String one) {
      return List.of(one);
    }
    if (!(value instanceof List<?> list)) {
      throw new Invalid("Expected a list for " + where);
    }
    List<String> all = new ArrayList<>();
    for (Object o : list) {
      String text = text(o, where);
      if (text == null || text.isBlank()) {
        throw new Invalid("Expected a scalar in " + where);
      }
      all.add(text);
    }
    return all;
  }
}
