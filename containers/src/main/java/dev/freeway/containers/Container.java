package dev.freeway.containers;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container that exists, as it was when asked.
///
/// @param image reference it was made from, absent when not made from an image
/// @param imageDigest manifest digest of that image at the time of creation
public record Container(
    String id,
    String sandbox,
    String name,
    Map<String, String> labels,
    @Nullable String image,
    @Nullable String imageDigest,
    Instant createdAt,
    State state) {
  /// Created, then Running, then Exited; never backwards.
  public sealed interface State {
    record Created() implements State {}

    record Running(Instant startedAt) implements State {}

    record Exited(ExitStatus status) implements State {}
  }
}
