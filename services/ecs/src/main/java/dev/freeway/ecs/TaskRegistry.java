package dev.freeway.ecs;

import org.jspecify.annotations.Nullable;

/// A Cloud Map service that a task is an instance of while it runs.
///
/// @param service id or ARN
/// @param port that it is reached on, for SRV records
record TaskRegistry(String service, @Nullable Integer port) {}
