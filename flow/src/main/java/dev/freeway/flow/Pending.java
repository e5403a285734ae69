package dev.freeway.flow;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One thing that waits for its reconciler, or is with it.
///
/// @param due when it is to run next; in the past if it is running or waits for its turn
/// @param attempts failures in a row
/// @param lastError of the last failure in a row
/// @param registered whether this program has a reconciler for the kind; if not, it waits for one
///   that does
public record Pending(
    String kind,
    String key,
    Instant due,
    int attempts,
    @Nullable String lastError,
    boolean running,
    boolean registered) {}
