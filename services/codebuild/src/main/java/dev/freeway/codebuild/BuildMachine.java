package dev.freeway.codebuild;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.build.ImageBuilder;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Registries;
import java.nio.file.Path;

/// What builds run on.
///
/// @param registries where images of builds are pushed to and pulled from
/// @param directory for workspaces; survives restarts
public record BuildMachine(
    ContainerRuntime runtime,
    ImageStore images,
    ImageBuilder builder,
    Registries registries,
    Path directory) {}
