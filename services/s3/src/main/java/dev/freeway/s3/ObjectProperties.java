package dev.freeway.s3;

import static dev.freeway.s3.ChecksumAlgorithm.*;

import dev.freeway.platform.Call;
import dev.freeway.s3.api.DeleteObjectTaggingOutput;
import dev.freeway.s3.api.DeleteObjectTaggingRequest;
import dev.freeway.s3.api.GetObjectAttributesOutput;
import dev.freeway.s3.api.GetObjectAttributesParts;
import dev.freeway.s3.api.GetObjectAttributesRequest;
import dev.freeway.s3.api.GetObjectLegalHoldOutput;
import dev.freeway.s3.api.GetObjectLegalHoldRequest;
import dev.freeway.s3.api.GetObjectRetentionOutput;
import dev.freeway.s3.api.GetObjectRetentionRequest;
import dev.freeway.s3.api.GetObjectTaggingOutput;
import dev.freeway.s3.api.GetObjectTaggingRequest;
import dev.freeway.s3.api.ObjectLockLegalHold;
import dev.freeway.s3.api.ObjectLockRetention;
import dev.freeway.s3.api.ObjectPart;
import dev.freeway.s3.api.PutObjectLegalHoldOutput;
import dev.freeway.s3.api.PutObjectLegalHoldRequest;
import dev.freeway.s3.api.PutObjectRetentionOutput;
import dev.freeway.s3.api.PutObjectRetentionRequest;
import dev.freeway.s3.api.PutObjectTaggingOutput;
import dev.freeway.s3.api.PutObjectTaggingRequest;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Tags, retention, legal hold and attributes of one version.
final class ObjectProperties {
  private final Store store;
  private final Buckets buckets;
  private final Objects objects;

  ObjectProperties(Store store, Buckets buckets, Objects objects) {
    this.store = store;
    this.buckets = buckets;
    this.objects = objects;
  }

  private record At(Bucket bucket, StoredObject object) {
    @Nullable String version() {
      return bucket.everVersioned() ? object.versionId() : null;
    }
  }

  private At read(Call call, String bucket, String key, @Nullable String version) {
    return store.read(
        tx -> {
          Bucket b = buckets.require(tx, call, bucket);
          return new At(b, ReadObject.version(objects, tx, b, key, version));
        });
  }

  private At change(
      Call call,
      String bucket,
      String key,
      @Nullable String version,
      BiFunction<Bucket, StoredObject, StoredObject> how) {
    return store.write(
        tx -> {
          Bucket b = buckets.require(tx, call, bucket);
          StoredObject o = ReadObject.version(objects, tx, b, key, version);
          StoredObject changed = how.apply(b, o);
          objects.update(tx, b, changed);
          return new At(b, changed);
        });
  }

  GetObjectTaggingOutput tags(Call call, GetObjectTaggingRequest in) {
    At at = read(call, in.bucket(), in.key(), in.versionId());
    return new GetObjectTaggingOutput(at.version(), Tags.list(at.object.tags()));
  }

  PutObjectTaggingOutput putTags(Call call, PutObjectTaggingRequest in) {
    Map<String, String> tags = Tags.check(in.tagging().tagSet(), Tags.MOST_OF_OBJECT);
    At at = change(call, in.bucket(), in.key(), in.versionId(), (b, o) -> o.withTags(tags));
    return new PutObjectTaggingOutput(at.version());
  }

  DeleteObjectTaggingOutput deleteTags(Call call, DeleteObjectTaggingRequest in) {
    At at = change(call, in.bucket(), in.key(), in.versionId(), (b, o) -> o.withTags(Map.of()));
    return new DeleteObjectTaggingOutput(at.version());
  }

  private static void requireLock(Bucket b) {
    if (!b.objectLock()) {
      throw S3Error.invalidRequest("Bucket is missing Object Lock Configuration");
    }
  }

  private static AwsException noLock() {
    return AwsException.of(
        "NoSuchObjectLockConfiguration",
        404,
        "The specified object does not have a ObjectLock configuration");
  }

  GetObjectRetentionOutput retention(Call call, GetObjectRetentionRequest in) {
    At at = read(call, in.bucket(), in.key(), in.versionId());
    requireLock(at.bucket);
    Lock l = at.object.lock();
    if (l.mode() == null) {
      throw noLock();
    }
    return new GetObjectRetentionOutput(new ObjectLockRetention(l.mode(), l.until()));
  }

  PutObjectRetentionOutput putRetention(Call call, PutObjectRetentionRequest in) {
    if (in.retention() == null) {
      throw S3Error.malformedXml();
    }
    change(
        call,
        in.bucket(),
        in.key(),
        in.versionId(),
        (b, o) -> {
          requireLock(b);
          Lock l = o.lock();
          Lock next =
              new Lock(in.retention().mode(), in.retention().retainUntilDate(), l.legalHold());
          boolean longer =
              l.until() == null
                  || next.until() != null
                      && !next.until().isBefore(l.until())
                      && java.util.Objects.equals(l.mode(), next.mode());
          Lock retention = new Lock(l.mode(), l.until(), null);
          boolean bypass = Boolean.TRUE.equals(in.bypassGovernanceRetention());
          if (!longer && retention.forbidsDeletion(call.at(), bypass)) {
            throw AwsException.of(
                "AccessDenied", 403, "Access Denied because object protected by object lock.");
          }
          return o.withLock(next);
        });
    return PutObjectRetentionOutput.builder().build();
  }

  GetObjectLegalHoldOutput legalHold(Call call, GetObjectLegalHoldRequest in) {
    At at = read(call, in.bucket(), in.key(), in.versionId());
    requireLock(at.bucket);
    if (at.object.lock().legalHold() == null) {
      throw noLock();
    }
    return new GetObjectLegalHoldOutput(new ObjectLockLegalHold(at.object.lock().legalHold()));
  }

  PutObjectLegalHoldOutput putLegalHold(Call call, PutObjectLegalHoldRequest in) {
    if (in.legalHold() == null) {
      throw S3Error.malformedXml();
    }
    change(
        call,
        in.bucket(),
        in.key(),
        in.versionId(),
        (b, o) -> {
          requireLock(b);
          return o.withLock(new Lock(o.lock().mode(), o.lock().until(), in.legalHold().status()));
        });
    return PutObjectLegalHoldOutput.builder().build();
  }

  GetObjectAttributesOutput attributes(Call call, GetObjectAttributesRequest in) {
    At at = read(call, in.bucket(), in.key(), in.versionId());
    StoredObject o = at.object;
    List<String> wanted = in.objectAttributes();
    Checksum c = o.checksum();
    return GetObjectAttributesOutput.builder()
        .lastModified(o.modified())
        .versionId(at.version())
        .eTag(wanted.contains("ETag") ? o.etag() : null)
        .objectSize(wanted.contains("ObjectSize") ? o.size() : null)
        .storageClass(wanted.contains("StorageClass") ? o.storageClass() : null)
        .checksum(wanted.contains("Checksum") && c != null ? view(c) : null)
        .objectParts(wanted.contains("ObjectParts") && !o.parts().isEmpty() ? parts(in, o) : null)
        .build();
  }

  private static dev.freeway.s3.api.Checksum view(Checksum c) {
    return dev.freeway.s3.api.Checksum.builder()
        .checksumCRC32(Checksum.of(c, CRC32))
        .checksumCRC32C(Checksum.of(c, CRC32C))
        .checksumCRC64NVME(Checksum.of(c, CRC64NVME))
        .checksumSHA1(Checksum.of(c, SHA1))
        .checksumSHA256(Checksum.of(c, SHA256))
        .checksumType(c.type())
        .build();
  }

  private static GetObjectAttributesParts parts(GetObjectAttributesRequest in, StoredObject o) {
    int after = in.partNumberMarker() == null ? 0 : in.partNumberMarker();
    int max = in.maxParts() == null ? 1000 : in.maxParts();
    List<StoredObject.Part> rest = o.parts().stream().filter(p -> p.number() > after).toList();
    List<StoredObject.Part> page = rest.subList(0, Math.min(max, rest.size()));
    // S3 lists the parts only of objects that were uploaded with checksums.
    boolean listed = o.checksum() != null;
    return GetObjectAttributesParts.builder()
        .totalPartsCount(o.parts().size())
        .partNumberMarker(listed ? after : null)
        .nextPartNumberMarker(listed && !page.isEmpty() ? page.getLast().number() : null)
        .maxParts(listed ? max : null)
        .isTruncated(listed ? page.size() < rest.size() : null)
        .parts(
            !listed
                ? null
                : page.stream()
                    .map(
                        p ->
                            ObjectPart.builder()
                                .partNumber(p.number())
                                .size(p.size())
                                .checksumCRC32(Checksum.of(p.checksum(), CRC32))
                                .checksumCRC32C(Checksum.of(p.checksum(), CRC32C))
                                .checksumCRC64NVME(Checksum.of(p.checksum(), CRC64NVME))
                                .checksumSHA1(Checksum.of(p.checksum(), SHA1))
                                .checksumSHA256(Checksum.of(p.checksum(), SHA256))
                                .build())
                    .toList())
        .build();
  }
}
