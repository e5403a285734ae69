package dev.freeway.lambda;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Errors of functions, as their callers get them.
final class Errors {
  private Errors() {}

  static byte[] json(String type, String message) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("errorType", type);
    all.put("errorMessage", message);
    return JsonMapper.shared().writeValueAsBytes(all);
  }
}
