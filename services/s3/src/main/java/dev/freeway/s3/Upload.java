package dev.freeway.s3;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A multipart upload that has begun.
///
/// @param checksumType FULL_OBJECT or COMPOSITE, with an algorithm
record Upload(
    String id,
    String key,
    Instant begun,
    String initiator,
    Attributes attributes,
    @Nullable ChecksumAlgorithm algorithm,
    @Nullable String checksumType) {

  /// One part. Sent again it replaces the one before.
  ///
  /// @param etag without quotes: the MD5 in hex
  record Part(
      int number, String etag, Instant modified, Segment segment, @Nullable Checksum checksum) {
    long size() {
      return segment.length();
    }
  }
}
