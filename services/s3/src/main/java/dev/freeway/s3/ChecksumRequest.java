package dev.freeway.s3;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The checksum an upload names, if any.
///
/// @param value in base64; null when it comes as a trailer or is to be computed only
record ChecksumRequest(@Nullable ChecksumAlgorithm algorithm, @Nullable String value) {
  static final ChecksumRequest NONE = new ChecksumRequest(null, null);

  /// @param named of `x-amz-sdk-checksum-algorithm` or the upload
  /// @param values by algorithm, those of the request's members
  static ChecksumRequest of(
      @Nullable String named, Map<ChecksumAlgorithm, @Nullable String> values) {
    ChecksumRequest found = NONE;
    for (var e : values.entrySet()) {
      if (e.getValue() != null) {
        if (found.algorithm != null) {
          throw S3Error.invalidRequest(
              "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }
        found = new ChecksumRequest(e.getKey(), e.getValue());
      }
    }
    if (found.algorithm != null || named == null) {
      return found;
    }
    return new ChecksumRequest(
        ChecksumAlgorithm.named(named)
            .orElseThrow(
                () ->
                    S3Error.invalidRequest(
                        "Freeway does not compute the checksum algorithm " + named + " yet")),
        null);
  }

  static Map<ChecksumAlgorithm, @Nullable String> values(
      @Nullable String crc32,
      @Nullable String crc32c,
      @Nullable String crc64nvme,
      @Nullable String sha1,
      @Nullable String sha256) {
    var map = new java.util.EnumMap<ChecksumAlgorithm, @Nullable String>(ChecksumAlgorithm.class);
    map.put(ChecksumAlgorithm.CRC32, crc32);
    map.put(ChecksumAlgorithm.CRC32C, crc32c);
    map.put(ChecksumAlgorithm.CRC64NVME, crc64nvme);
    map.put(ChecksumAlgorithm.SHA1, sha1);
    map.put(ChecksumAlgorithm.SHA256, sha256);
    return map;
  }
}
