package dev.freeway.codebuild;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.build.ImageBuilder;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Registries;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What builds run on.
///
/// @param registries where images of builds are pushed to and pulled from
/// @param directory for workspaces; survives restarts
/// @param source a folder whose copy is the source of builds that have none (`freeway build`), or
///   null
public record BuildMachine(
    ContainerRuntime runtime,
    ImageStore images,
    ImageBuilder builder,
    Registries registries,
    Path directory,
    @Nullable Path source) {

  public BuildMachine(
      ContainerRuntime runtime,
      ImageStore images,
      ImageBuilder builder,
      Registries registries,
      Path directory) {
    this(runtime, images, builder, registries, directory, null);
  }

  public BuildMachine withSource(Path folder) {
    return new BuildMachine(runtime, images, builder, registries, directory, folder);
  }
}
