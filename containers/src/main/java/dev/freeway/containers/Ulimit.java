package dev.freeway.containers;

import java.util.List;

/// A bound on what one process of a container may use; -1 is none. The sandbox runtime lowers
/// limits but cannot raise them above its own.
///
/// @param name as `ulimit` and Docker call it: `nofile`, `nproc`, `core`, …
public record Ulimit(String name, long soft, long hard) {
  private static final List<String> NAMES =
      List.of(
          "cpu",
          "fsize",
          "data",
          "stack",
          "core",
          "rss",
          "nproc",
          "nofile",
          "memlock",
          "as",
          "locks",
          "sigpending",
          "msgqueue",
          "nice",
          "rtprio",
          "rttime");

  public Ulimit {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("there is no limit " + name);
    }
  }

  /// Linux's number for it.
  public int number() {
    return NAMES.indexOf(name);
  }
}
