package dev.freeway.s3;

import dev.freeway.wire.AwsException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `If-*` headers, of reads and of writes.
record Conditions(
    @Nullable String match,
    @Nullable String noneMatch,
    @Nullable Instant modifiedSince,
    @Nullable Instant unmodifiedSince) {

  /// For GET and HEAD: throws 412 or 304.
  void checkRead(StoredObject o) {
    if (fails(o)) {
      throw S3Error.preconditionFailed(match != null ? "If-Match" : "If-Unmodified-Since");
    }
    if (isUnchanged(o)) {
      throw AwsException.of("NotModified", 304, "Not Modified")
          .header("ETag", o.quotedEtag())
          .header(
              "Last-Modified",
              dev.freeway.wire.model.TimestampFormat.HTTP_DATE.write(o.modified()));
    }
  }

  /// For the source of a copy: 412 for all.
  void checkCopy(StoredObject o) {
    if (fails(o) || isUnchanged(o)) {
      throw S3Error.preconditionFailed(
          match != null
              ? "x-amz-copy-source-If-Match"
              : noneMatch != null
                  ? "x-amz-copy-source-If-None-Match"
                  : unmodifiedSince != null
                      ? "x-amz-copy-source-If-Unmodified-Since"
                      : "x-amz-copy-source-If-Modified-Since");
    }
  }

  // A match outweighs the date.
  private boolean fails(StoredObject o) {
    if (match != null) {
      return !names(match, o.etag());
    }
    return unmodifiedSince != null && seconds(o.modified()).isAfter(unmodifiedSince);
  }

  private boolean isUnchanged(StoredObject o) {
    if (noneMatch != null) {
      return names(noneMatch, o.etag());
    }
    return modifiedSince != null && !seconds(o.modified()).isAfter(modifiedSince);
  }

  /// For writes, in the transaction that writes. `current` is empty where there is no object or a
  /// delete marker.
  static void checkWrite(
      String key,
      Optional<StoredObject> current,
      @Nullable String match,
      @Nullable String noneMatch) {
    Optional<StoredObject> there = current.filter(o -> !o.deleteMarker());
    if (noneMatch != null) {
      if (!noneMatch.trim().equals("*")) {
        throw AwsException.of(
            "NotImplemented",
            501,
            "A header you provided implies functionality that is not implemented");
      }
      if (there.isPresent()) {
        throw S3Error.preconditionFailed("If-None-Match");
      }
    }
    if (match != null) {
      if (there.isEmpty()) {
        throw S3Error.noSuchKey(key);
      }
      if (!names(match, there.get().etag())) {
        throw S3Error.preconditionFailed("If-Match");
      }
    }
  }

  private static boolean names(String header, String etag) {
    return Arrays.stream(header.split(","))
        .map(String::trim)
        .map(t -> t.startsWith("W/") ? t.substring(2) : t)
        .anyMatch(t -> t.equals("*") || t.equals(etag) || t.equals("\"" + etag + "\""));
  }

  private static Instant seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }
}
