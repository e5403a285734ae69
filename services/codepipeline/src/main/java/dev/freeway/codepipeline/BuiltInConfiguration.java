package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.ActionType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What must hold of the configuration of an action of AWS's own types: known keys, and values of
/// their kind.
final class BuiltInConfiguration {
  private static final Set<String> BOOLEANS =
      Set.of(
          "PollForSourceChanges",
          "AllowOverrideForS3ObjectKey",
          "BatchEnabled",
          "CombineArtifacts",
          "Extract");
  private static final Set<String> VARIABLE_TYPES =
      Set.of("PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER");

  private BuiltInConfiguration() {}

  /// What is wrong, or null.
  static @Nullable String problem(ActionDeclaration a, ActionType type) {
    if (a.configuration() == null) {
      return null;
    }
    String named = "Action configuration for action '" + a.name() + "' ";
    for (Map.Entry<String, String> e : a.configuration().entrySet()) {
      String key = e.getKey();
      String value = e.getValue();
      if (type.actionConfigurationProperties().stream().noneMatch(p -> p.name().equals(key))) {
        return named + "contains unknown configuration '" + key + "'";
      }
      // What holds a variable is only known when it runs.
      if (BOOLEANS.contains(key) && !value.contains("#{") && !value.matches("(?i)true|false")) {
        return named + "has the invalid value '" + value + "' for " + key + ": true or false";
      }
      if (key.equals("EnvironmentVariables") && !variables(value)) {
        return named
            + "has EnvironmentVariables that are not a JSON list of objects with name, value and"
            + " type (PLAINTEXT, PARAMETER_STORE or SECRETS_MANAGER)";
      }
    }
    return null;
  }

  private static boolean variables(String json) {
    JsonNode list;
    try {
      list = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      // A variable outside of quotes.
      return json.contains("#{");
    }
    if (!list.isArray()) {
      return false;
    }
    for (JsonNode v : list) {
      if (!v.path("name").isString()
          || !v.path("value").isValueNode()
          || v.has("type") && !VARIABLE_TYPES.contains(v.path("type").asString(""))) {
        return false;
      }
    }
    return true;
  }
}
