package dev.freeway.platform;

import java.nio.file.Path;

/// How this node was started.
///
/// @param data where everything that must survive is kept
/// @param endpoint the base URL to hand out when a caller's own is not at hand
/// @param ephemeral whether nothing needs to survive: for tests
public record Settings(Path data, String host, int port, String endpoint, boolean ephemeral) {
  public static Settings local(Path data, int port, boolean ephemeral) {
    return new Settings(data, "127.0.0.1", port, "http://localhost:" + port, ephemeral);
  }
}
