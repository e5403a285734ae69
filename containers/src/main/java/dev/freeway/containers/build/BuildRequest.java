package dev.freeway.containers.build;

import dev.freeway.containers.image.StoredImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An image to build.
///
/// @param context directory that COPY and ADD read from
/// @param dockerfile the file, wherever it is
/// @param arguments values for ARG
/// @param target stage to build; null for the last
/// @param tags references the image gets
/// @param labels added to those of the Dockerfile
/// @param cache whether results of earlier builds may be used
/// @param secrets what `RUN --mount=type=secret` shows, by id; in no layer and no digest
/// @param local images that only this build knows, by reference; asked before the store
/// @param output takes the lines that tell how the build goes, while it goes
public record BuildRequest(
    Path context,
    Path dockerfile,
    Map<String, String> arguments,
    @Nullable String target,
    List<String> tags,
    Map<String, String> labels,
    boolean cache,
    Map<String, byte[]> secrets,
    Function<String, Optional<StoredImage>> local,
    Consumer<String> output) {
  public BuildRequest {
    arguments = Map.copyOf(arguments);
    tags = List.copyOf(tags);
    labels = Map.copyOf(labels);
    secrets = Map.copyOf(secrets);
  }

  public static BuildRequest of(Path context, String tag, Consumer<String> output) {
    return new BuildRequest(
        context,
        context.resolve("Dockerfile"),
        Map.of(),
        null,
        List.of(tag),
        Map.of(),
        true,
        Map.of(),
        reference -> Optional.empty(),
        output);
  }
}
