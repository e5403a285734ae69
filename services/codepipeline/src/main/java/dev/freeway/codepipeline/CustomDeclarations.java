package dev.freeway.codepipeline;

import dev.freeway.codepipeline.CustomType.Property;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.ActionType;
import dev.freeway.codepipeline.api.ArtifactDetails;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What must hold of a declared action by its type: the number of its artifacts, and for custom and
/// third-party actions its configuration.
final class CustomDeclarations {
  private final Store store;
  private final CustomTypes types;

  CustomDeclarations(Store store, CustomTypes types) {
    this.store = store;
    this.types = types;
  }

  void check(Scope scope, ActionDeclaration a) {
    CustomType type =
        store
            .read(tx -> types.find(tx, scope, a.actionTypeId()))
            .orElseThrow(
                () ->
                    wrong(
                        CustomTypes.text(a.actionTypeId())
                            + " in action '"
                            + a.name()
                            + "' is not available"));
    counts(a, ActionTypeOperations.shown(type));
    Map<String, String> given = a.configuration() == null ? Map.of() : a.configuration();
    for (Property p : type.properties()) {
      String value = given.get(p.name());
      if (value == null) {
        if (p.required()) {
          throw wrong(named(a) + "is missing required configuration '" + p.name() + "'");
        }
      } else if (!fits(p.type(), value)) {
        throw wrong(named(a) + "has a '" + p.name() + "' that is not a " + p.type());
      }
    }
    for (String key : given.keySet()) {
      if (type.properties().stream().noneMatch(p -> p.name().equals(key))) {
        throw wrong(named(a) + "contains unknown configuration '" + key + "'");
      }
    }
  }

  private static String named(ActionDeclaration a) {
    return "Action configuration for action '" + a.name() + "' ";
  }

  // What holds a variable is only known when it runs.
  private static boolean fits(String type, String value) {
    return switch (type) {
      case "Number" -> value.contains("#{") || value.matches("-?[0-9]+(\\.[0-9]+)?");
      case "Boolean" -> value.contains("#{") || value.matches("(?i)true|false");
      default -> true;
    };
  }

  static void counts(ActionDeclaration a, @Nullable ActionType type) {
    if (type == null) {
      return;
    }
    count(
        a,
        "input",
        a.inputArtifacts() == null ? 0 : a.inputArtifacts().size(),
        type.inputArtifactDetails());
    count(
        a,
        "output",
        a.outputArtifacts() == null ? 0 : a.outputArtifacts().size(),
        type.outputArtifactDetails());
  }

  private static void count(ActionDeclaration a, String kind, int given, ArtifactDetails bounds) {
    if (given < bounds.minimumCount() || given > bounds.maximumCount()) {
      throw wrong(
          "Action '%s' has %d %s artifacts: %s takes from %d to %d"
              .formatted(
                  a.name(),
                  given,
                  kind,
                  CustomTypes.text(a.actionTypeId()),
                  bounds.minimumCount(),
                  bounds.maximumCount()));
    }
  }

  private static AwsException wrong(String message) {
    return CodepipelineErrors.invalidActionDeclarationException(message);
  }
}
