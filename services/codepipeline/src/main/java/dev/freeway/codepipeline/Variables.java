package dev.freeway.codepipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `#{namespace.name}` in action configurations. What cannot be resolved stays as it is written.
final class Variables {
  static final Pattern REFERENCE = Pattern.compile("#\\{([A-Za-z0-9_@-]+)\\.([A-Za-z0-9_@.-]+)}");

  private Variables() {}

  static Map<String, String> resolve(Map<String, String> configuration, Execution execution) {
    Map<String, String> resolved = new LinkedHashMap<>();
    configuration.forEach((k, v) -> resolved.put(k, resolve(v, execution)));
    return resolved;
  }

  static String resolve(String text, Execution execution) {
    if (!text.contains("#{")) {
      return text;
    }
    Matcher m = REFERENCE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (m.find()) {
      String value = value(m.group(1), m.group(2), execution);
      m.appendReplacement(out, Matcher.quoteReplacement(value == null ? m.group() : value));
    }
    return m.appendTail(out).toString();
  }

  private static @org.jspecify.annotations.Nullable String value(
      String namespace, String name, Execution execution) {
    if (namespace.equals("codepipeline") && name.equals("PipelineExecutionId")) {
      return execution.id();
    }
    Map<String, String> variables = execution.variables().get(namespace);
    return variables == null ? null : variables.get(name);
  }
}
