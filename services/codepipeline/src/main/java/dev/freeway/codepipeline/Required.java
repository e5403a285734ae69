package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Configuration keys that a type of action must have.
final class Required {
  private Required() {}

  static List<String> of(ActionDeclaration action, String... keys) {
    Map<String, String> configuration =
        action.configuration() == null ? Map.of() : action.configuration();
    List<String> missing = new ArrayList<>();
    for (String key : keys) {
      if (!configuration.containsKey(key)) {
        missing.add(
            "Action configuration for action '"
                + action.name()
                + "' is missing required configuration '"
                + key
                + "'");
      }
    }
    return missing;
  }
}
