package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept of a container beside its launch file.
///
/// @param environment complete, as the container's command sees it
record Record(
    ContainerSpec spec,
    @Nullable String image,
    @Nullable String imageDigest,
    String stopSignal,
    List<String> environment,
    String workingDirectory,
    String user,
    Instant createdAt) {}
