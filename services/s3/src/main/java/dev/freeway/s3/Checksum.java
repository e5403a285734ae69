package dev.freeway.s3;

import org.jspecify.annotations.Nullable;

/// A checksum that was given or asked for when an object, or a part, was stored.
///
/// @param value in base64; of a multipart object of type COMPOSITE with `-N` for its parts
/// @param type FULL_OBJECT or COMPOSITE
record Checksum(ChecksumAlgorithm algorithm, String value, String type) {
  static final String FULL = "FULL_OBJECT";
  static final String COMPOSITE = "COMPOSITE";

  /// The value if `checksum` is one of this algorithm: what a response's member for it holds.
  static @Nullable String of(@Nullable Checksum checksum, ChecksumAlgorithm algorithm) {
    return checksum != null && checksum.algorithm == algorithm ? checksum.value : null;
  }

  static @Nullable String typeOf(@Nullable Checksum checksum) {
    return checksum == null ? null : checksum.type;
  }
}
