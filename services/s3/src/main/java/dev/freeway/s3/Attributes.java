package dev.freeway.s3;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All of an object but its name and its bytes: what PutObject, CopyObject and
/// CreateMultipartUpload are given.
record Attributes(
    ContentHeaders headers,
    Map<String, String> metadata,
    Map<String, String> tags,
    @Nullable String storageClass,
    @Nullable Encryption encryption,
    Lock lock) {
  private static final int MOST_METADATA = 2048;

  StoredObject object(
      String key,
      String etag,
      List<Segment> segments,
      List<StoredObject.Part> parts,
      @Nullable Checksum checksum,
      Instant at) {
    return new StoredObject(
        key,
        StoredObject.NULL_VERSION,
        0,
        false,
        etag,
        segments.stream().mapToLong(Segment::length).sum(),
        at,
        segments,
        parts,
        headers,
        metadata,
        tags,
        storageClass == null ? "STANDARD" : storageClass,
        checksum,
        encryption == null ? Encryption.S3 : encryption,
        lock,
        null);
  }

  /// Names in lower case, as S3 keeps them.
  static Map<String, String> metadata(@Nullable Map<String, String> given) {
    Map<String, String> out = new LinkedHashMap<>();
    int size = 0;
    for (var e : given == null ? Map.<String, String>of().entrySet() : given.entrySet()) {
      out.put(e.getKey().toLowerCase(Locale.ROOT), e.getValue());
      size += e.getKey().length() + e.getValue().length();
    }
    if (size > MOST_METADATA) {
      throw dev.freeway.wire.AwsException.client(
              "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
          .with("Size", size)
          .with("MaxSizeAllowed", MOST_METADATA);
    }
    return out;
  }
}
