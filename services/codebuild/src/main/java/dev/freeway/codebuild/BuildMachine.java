package dev.freeway.codebuild;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.build.ImageBuilder;
import dev.freeway.containers.image.ImageStore;
import java.nio.file.Path;

/// What builds run on.
///
/// @param directory for workspaces; survives restarts
public record BuildMachine(
    ContainerRuntime runtime, ImageStore images, ImageBuilder builder, Path directory) {}
