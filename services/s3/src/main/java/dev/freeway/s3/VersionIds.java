package dev.freeway.s3;

import dev.freeway.platform.Ids;

/// Ids of versions: 32 characters that say nothing.
final class VersionIds {
  private static final int LENGTH = 32;

  private VersionIds() {}

  static String next() {
    return Ids.alphanumeric(LENGTH);
  }
}
