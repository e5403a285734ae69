package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionConfigurationProperty;
import dev.freeway.codepipeline.api.ActionType;
import dev.freeway.codepipeline.api.ActionTypeId;
import dev.freeway.codepipeline.api.ArtifactDetails;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// AWS's own types of action that Freeway runs, from `actions.txt`: their artifacts and
/// configuration keys.
final class BuiltInTypes {
  private static final Map<String, ActionType> ALL = read();

  private BuiltInTypes() {}

  static List<ActionType> all() {
    return List.copyOf(ALL.values());
  }

  /// @param type such as `Source/S3`
  static @Nullable ActionType of(String type) {
    return ALL.get(type);
  }

  private static Map<String, ActionType> read() {
    Map<String, ActionType> all = new LinkedHashMap<>();
    try (InputStream in = BuiltInTypes.class.getResourceAsStream("actions.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(l -> !l.isBlank() && !l.startsWith("#"))
          .map(l -> l.split(" +"))
          .forEach(w -> all.put(w[0], type(w)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static ActionType type(String[] words) {
    String[] names = words[0].split("/");
    List<ActionConfigurationProperty> properties = new ArrayList<>();
    for (int i = 3; i < words.length; i++) {
      boolean required = words[i].endsWith("!");
      properties.add(
          ActionConfigurationProperty.builder()
              .name(required ? words[i].substring(0, words[i].length() - 1) : words[i])
              .required(required)
              .key(required)
              .secret(false)
              .queryable(false)
              .build());
    }
    return ActionType.builder()
        .id(new ActionTypeId(names[0], "AWS", names[1], "1"))
        .actionConfigurationProperties(properties)
        .inputArtifactDetails(bounds(words[1]))
        .outputArtifactDetails(bounds(words[2]))
        .build();
  }

  private static ArtifactDetails bounds(String words) {
    String[] both = words.split("-");
    return new ArtifactDetails(Integer.valueOf(both[0]), Integer.valueOf(both[1]));
  }
}
