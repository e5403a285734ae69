package dev.freeway.lambda;

import dev.freeway.containers.ExitStatus;

/// How an environment's work on one invocation ended.
sealed interface Ended {
  record Responded(byte[] payload) implements Ended {}

  /// The runtime said so.
  ///
  /// @param payload the error as JSON
  record Failed(byte[] payload, String type) implements Ended {}

  /// There was no start: the runtime said so, or went away.
  record NoStart(byte[] payload, String type) implements Ended {}

  record Exited(ExitStatus status) implements Ended {}

  record TimedOut() implements Ended {}

  /// Whether the environment may serve again.
  default boolean reusable() {
    return switch (this) {
      case Responded _ -> true;
      // What was caught by nobody ends the runtime.
      case Failed f -> !f.type().startsWith("Runtime.Un");
      case NoStart _, Exited _, TimedOut _ -> false;
    };
  }
}
