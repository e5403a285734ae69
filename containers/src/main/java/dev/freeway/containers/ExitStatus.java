package dev.freeway.containers;

import java.time.Instant;

/// How a container ended.
///
/// @param code the command's exit code; 128 + n when signal n ended it; 127 and 126 when it could
///   not be run
/// @param outOfMemory whether the kernel killed a process of the container for memory
/// @param reason words for the user when there is more to say than the code, else empty
public record ExitStatus(int code, boolean outOfMemory, String reason, Instant at) {
  public boolean ok() {
    return code == 0;
  }
}
