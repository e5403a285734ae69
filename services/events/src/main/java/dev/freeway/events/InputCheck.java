package dev.freeway.events;

import dev.freeway.events.api.Target;
import dev.freeway.wire.AwsException;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a target is to be given, looked at before the target is stored.
final class InputCheck {
  private static final Pattern PLACEHOLDER = Pattern.compile("<([A-Za-z0-9_.-]+)>");

  private InputCheck() {}

  /// Throws ValidationException.
  static void check(Target t) {
    long ways =
        Stream.of(t.input(), t.inputPath(), t.inputTransformer()).filter(Objects::nonNull).count();
    if (ways > 1) {
      throw invalid(
          "Only one of Input, InputPath, or InputTransformer must be provided for target "
              + t.id()
              + ".");
    }
    if (t.input() != null) {
      try {
        JsonMapper.shared().readTree(t.input());
      } catch (JacksonException e) {
        throw invalid("JSON syntax error in input for target " + t.id());
      }
    }
    if (t.inputTransformer() != null) {
      Map<String, String> paths = t.inputTransformer().inputPathsMap();
      var found = PLACEHOLDER.matcher(t.inputTransformer().inputTemplate());
      while (found.find()) {
        String name = found.group(1);
        if (!name.startsWith("aws.events.") && (paths == null || !paths.containsKey(name))) {
          throw invalid(
              "Invalid InputTemplate for target "
                  + t.id()
                  + " : [Unknown placeholder "
                  + name
                  + "].");
        }
      }
    }
  }

  private static AwsException invalid(String message) {
    return AwsException.client("ValidationException", message);
  }
}
