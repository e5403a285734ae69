package dev.freeway.s3;

import static dev.freeway.s3.ChecksumAlgorithm.*;

import dev.freeway.platform.Call;
import dev.freeway.s3.api.GetObjectOutput;
import dev.freeway.s3.api.GetObjectRequest;
import dev.freeway.store.Blobs;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.TimestampFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// GetObject, and what HeadObject has in common with it.
final class ReadObject {
  private static final int ATTEMPTS = 5;

  private final Store store;
  private final Buckets buckets;
  private final Objects objects;
  private final Blobs blobs;

  ReadObject(Store store, Buckets buckets, Objects objects, Blobs blobs) {
    this.store = store;
    this.buckets = buckets;
    this.objects = objects;
    this.blobs = blobs;
  }

  /// The whole object, one range of it, or one part of a multipart object.
  private record Found(Bucket bucket, StoredObject object, @Nullable ByteRange range) {}

  GetObjectOutput get(Call call, GetObjectRequest in) {
    for (int attempt = 1; ; attempt++) {
      Found found = find(call, in);
      StoredObject o = found.object;
      long from = found.range == null ? 0 : found.range.first();
      long length = found.range == null ? o.size() : found.range.length();
      try {
        var body = ObjectBody.open(blobs, ObjectBody.slice(o.segments(), from, length));
        return view(found, in).body(body).build();
      } catch (NoSuchFileException e) {
        // Replaced or deleted since its row was read: what is there now?
        if (attempt == ATTEMPTS) {
          throw new UncheckedIOException(e);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  GetObjectOutput head(Call call, GetObjectRequest in) {
    return view(find(call, in), in).build();
  }

  private Found find(Call call, GetObjectRequest in) {
    SseCustomerKey.refuse(in.sseCustomerAlgorithm());
    return store.read(
        tx -> {
          Bucket b = buckets.require(tx, call, in.bucket());
          StoredObject o = version(objects, tx, b, in.key(), in.versionId());
          new Conditions(
                  in.ifMatch(), in.ifNoneMatch(), in.ifModifiedSince(), in.ifUnmodifiedSince())
              .checkRead(o);
          return new Found(b, o, range(o, in));
        });
  }

  /// The version asked for; S3's errors where it is none to read.
  static StoredObject version(
      Objects objects,
      dev.freeway.store.ReadTx tx,
      Bucket b,
      String key,
      @Nullable String version) {
    Optional<StoredObject> found =
        ObjectKey.isPossible(key) ? objects.find(tx, b.name(), key, version) : Optional.empty();
    if (found.isEmpty()) {
      throw version == null ? S3Error.noSuchKey(key) : S3Error.noSuchVersion(key, version);
    }
    StoredObject o = found.get();
    if (!o.deleteMarker()) {
      return o;
    }
    AwsException e =
        version == null
            ? S3Error.noSuchKey(key)
            : AwsException.of(
                    "MethodNotAllowed",
                    405,
                    "The specified method is not allowed against this resource.")
                .with("Method", "GET")
                .with("ResourceType", "DeleteMarker")
                .header("Last-Modified", TimestampFormat.HTTP_DATE.write(o.modified()));
    throw e.header("x-amz-delete-marker", "true").header("x-amz-version-id", o.versionId());
  }

  private static @Nullable ByteRange range(StoredObject o, GetObjectRequest in) {
    if (in.partNumber() == null) {
      return ByteRange.parse(in.range(), o.size()).orElse(null);
    }
    if (in.range() != null) {
      throw S3Error.invalidRequest(
          "Cannot specify both Range header and partNumber query parameter");
    }
    int n = in.partNumber();
    if (n == 1 && o.parts().isEmpty()) {
      return o.size() == 0 ? null : new ByteRange(0, o.size() - 1);
    }
    // Parts are counted as they stand in the object, not by the numbers they were uploaded with.
    if (n < 1 || n > o.parts().size()) {
      throw AwsException.of("InvalidPartNumber", 416, "The requested partnumber is not satisfiable")
          .with("PartNumberRequested", n)
          .with("ActualPartCount", Math.max(1, o.parts().size()));
    }
    long first = o.parts().subList(0, n - 1).stream().mapToLong(StoredObject.Part::size).sum();
    return new ByteRange(first, first + o.parts().get(n - 1).size() - 1);
  }

  private static GetObjectOutput.Builder view(Found found, GetObjectRequest in) {
    StoredObject o = found.object;
    ContentHeaders h = o.headers();
    boolean checksum = "ENABLED".equals(in.checksumMode()) && in.range() == null;
    boolean parted = in.partNumber() != null && !o.parts().isEmpty();
    // Of a part its own: clients check it against the bytes they get.
    Checksum whole = parted ? o.parts().get(in.partNumber() - 1).checksum() : o.checksum();
    Checksum c = checksum ? whole : null;
    return GetObjectOutput.builder()
        .acceptRanges("bytes")
        .lastModified(o.modified())
        .contentLength(found.range == null ? o.size() : found.range.length())
        .contentRange(found.range == null ? null : found.range.contentRange(o.size()))
        .eTag(o.quotedEtag())
        .versionId(found.bucket.everVersioned() ? o.versionId() : null)
        .contentType(either(in.responseContentType(), h.type()))
        .cacheControl(either(in.responseCacheControl(), h.cacheControl()))
        .contentDisposition(either(in.responseContentDisposition(), h.disposition()))
        .contentEncoding(either(in.responseContentEncoding(), h.encoding()))
        .contentLanguage(either(in.responseContentLanguage(), h.language()))
        .expires(
            in.responseExpires() == null
                ? h.expires()
                : TimestampFormat.HTTP_DATE.write(in.responseExpires()))
        .websiteRedirectLocation(h.redirect())
        .metadata(o.metadata())
        .serverSideEncryption(o.encryption().algorithm())
        .ssekmsKeyId(o.encryption().kmsKeyId())
        .bucketKeyEnabled(o.encryption().bucketKey())
        .storageClass(o.storageClass().equals("STANDARD") ? null : o.storageClass())
        .replicationStatus(o.replication())
        .tagCount(o.tags().isEmpty() ? null : o.tags().size())
        .partsCount(parted ? o.parts().size() : null)
        .objectLockMode(o.lock().mode())
        .objectLockRetainUntilDate(o.lock().until())
        .objectLockLegalHoldStatus(o.lock().legalHold())
        .checksumCRC32(Checksum.of(c, CRC32))
        .checksumCRC32C(Checksum.of(c, CRC32C))
        .checksumCRC64NVME(Checksum.of(c, CRC64NVME))
        .checksumSHA1(Checksum.of(c, SHA1))
        .checksumSHA256(Checksum.of(c, SHA256))
        .checksumSHA512(Checksum.of(c, SHA512))
        .checksumMD5(Checksum.of(c, MD5))
        .checksumType(Checksum.typeOf(c));
  }

  private static @Nullable String either(@Nullable String asked, @Nullable String stored) {
    return asked == null ? stored : asked;
  }
}
