package dev.freeway.cloudwatch;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// JSON as alarms tell of themselves in it.
final class Json {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ").withZone(ZoneOffset.UTC);

  private Json() {}

  /// From name, value, name, value …
  static Map<String, Object> map(@Nullable Object... pairs) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      all.put((String) pairs[i], pairs[i + 1]);
    }
    return all;
  }

  static String write(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  static boolean isJson(@Nullable String text) {
    try {
      JsonMapper.shared().readTree(text == null ? "{}" : text);
      return true;
    } catch (JacksonException e) {
      return false;
    }
  }

  /// `2026-01-01T00:00:00.000+0000`
  static String time(Instant at) {
    return TIME.format(at);
  }
}
