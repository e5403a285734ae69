package dev.freeway.s3;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One version of one object, or a delete marker.
///
/// @param versionId `null` (the word) for those stored while versioning was not enabled
/// @param sequence grows with each version of a bucket that has versions; 0 without
/// @param etag without quotes
/// @param replication PENDING, COMPLETED, FAILED, REPLICA; null where no rule wants it
/// @param parts sizes and checksums of the parts of a multipart upload, in order; else empty
record StoredObject(
    String key,
    String versionId,
    long sequence,
    boolean deleteMarker,
    String etag,
    long size,
    Instant modified,
    List<Segment> segments,
    List<Part> parts,
    ContentHeaders headers,
    Map<String, String> metadata,
    Map<String, String> tags,
    String storageClass,
    @Nullable Checksum checksum,
    Encryption encryption,
    Lock lock,
    @Nullable String replication) {
  static final String NULL_VERSION = "null";

  record Part(int number, long size, @Nullable Checksum checksum) {}

  StoredObject {
    segments = segments == null ? List.of() : List.copyOf(segments);
    parts = parts == null ? List.of() : List.copyOf(parts);
    metadata = metadata == null ? Map.of() : metadata;
    tags = tags == null ? Map.of() : tags;
    lock = lock == null ? Lock.NONE : lock;
    encryption = encryption == null ? Encryption.S3 : encryption;
  }

  static StoredObject marker(String key, String versionId, long sequence, Instant at) {
    return new StoredObject(
        key,
        versionId,
        sequence,
        true,
        "",
        0,
        at,
        List.of(),
        List.of(),
        new ContentHeaders("", null, null, null, null, null, null),
        Map.of(),
        Map.of(),
        "STANDARD",
        null,
        Encryption.S3,
        Lock.NONE,
        null);
  }

  String quotedEtag() {
    return "\"" + etag + "\"";
  }

  boolean isNullVersion() {
    return versionId.equals(NULL_VERSION);
  }

  StoredObject as(String version, long number) {
    return with(version, number, tags, storageClass, lock, replication);
  }

  StoredObject withTags(Map<String, String> other) {
    return with(versionId, sequence, other, storageClass, lock, replication);
  }

  StoredObject withLock(Lock other) {
    return with(versionId, sequence, tags, storageClass, other, replication);
  }

  StoredObject withStorageClass(String other) {
    return with(versionId, sequence, tags, other, lock, replication);
  }

  StoredObject withReplication(String status) {
    return with(versionId, sequence, tags, storageClass, lock, status);
  }

  private StoredObject with(
      String version,
      long number,
      Map<String, String> newTags,
      String newClass,
      Lock newLock,
      @Nullable String newReplication) {
    return new StoredObject(
        key,
        version,
        number,
        deleteMarker,
        etag,
        size,
        modified,
        segments,
        parts,
        headers,
        metadata,
        newTags,
        newClass,
        checksum,
        encryption,
        newLock,
        newReplication);
  }
}
