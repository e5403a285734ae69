package dev.freeway.s3;

import static dev.freeway.s3.ChecksumAlgorithm.*;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.s3.api.PutObjectOutput;
import dev.freeway.s3.api.PutObjectRequest;
import dev.freeway.store.Store;
import java.util.List;
import java.util.Map;

/// Stores an object: its bytes first, then its row.
final class PutObject implements Handler<PutObjectRequest, PutObjectOutput> {
  private final Store store;
  private final Buckets buckets;
  private final Ingest ingest;
  private final ObjectWrite write;

  PutObject(Store store, Buckets buckets, Ingest ingest, ObjectWrite write) {
    this.store = store;
    this.buckets = buckets;
    this.ingest = ingest;
    this.write = write;
  }

  @Override
  public PutObjectOutput handle(Call call, PutObjectRequest in) {
    ObjectKey.check(in.key());
    if (in.writeOffsetBytes() != null) {
      throw S3Error.invalidRequest("Appending is a feature of directory buckets");
    }
    SseCustomerKey.refuse(in.sseCustomerAlgorithm());
    BucketAccess.checkObjectAcl(in.acl());
    Map<String, String> tags = Tags.ofHeader(in.tagging());
    Attributes attributes =
        new Attributes(
            new ContentHeaders(
                in.contentType(),
                in.cacheControl(),
                in.contentDisposition(),
                in.contentEncoding(),
                in.contentLanguage(),
                in.expires(),
                in.websiteRedirectLocation()),
            Attributes.metadata(in.metadata()),
            tags,
            in.storageClass(),
            in.serverSideEncryption() == null
                ? null
                : new Encryption(
                    in.serverSideEncryption(), in.ssekmsKeyId(), in.bucketKeyEnabled()),
            new Lock(
                in.objectLockMode(),
                in.objectLockRetainUntilDate(),
                in.objectLockLegalHoldStatus()));
    // Before the upload, so that one that must fail fails fast; again in the transaction.
    store.read(
        tx -> {
          Bucket b = buckets.require(tx, call, in.bucket());
          write.check(tx, b, in.key(), in.ifMatch(), in.ifNoneMatch());
          return true;
        });
    Ingest.Received received =
        ingest.receive(in.body(), in.contentLength(), in.contentMD5(), checksum(in));
    StoredObject object =
        attributes.object(
            in.key(),
            received.md5(),
            List.of(new Segment(received.blob().id(), 0, received.size())),
            List.of(),
            received.checksum(),
            call.at());
    StoredObject stored =
        write.store(
            call,
            in.bucket(),
            object,
            new ObjectWrite.Guard(in.ifMatch(), in.ifNoneMatch()),
            "PutObject");
    return answer(stored);
  }

  private static ChecksumRequest checksum(PutObjectRequest in) {
    var values =
        ChecksumRequest.values(
            in.checksumCRC32(),
            in.checksumCRC32C(),
            in.checksumCRC64NVME(),
            in.checksumSHA1(),
            in.checksumSHA256());
    values.put(SHA512, in.checksumSHA512());
    values.put(MD5, in.checksumMD5());
    return ChecksumRequest.of(in.checksumAlgorithm(), values);
  }

  private static PutObjectOutput answer(StoredObject o) {
    Checksum c = o.checksum();
    return PutObjectOutput.builder()
        .eTag(o.quotedEtag())
        .versionId(o.sequence() == 0 ? null : o.versionId())
        .serverSideEncryption(o.encryption().algorithm())
        .ssekmsKeyId(o.encryption().kmsKeyId())
        .bucketKeyEnabled(o.encryption().bucketKey())
        .checksumCRC32(Checksum.of(c, CRC32))
        .checksumCRC32C(Checksum.of(c, CRC32C))
        .checksumCRC64NVME(Checksum.of(c, CRC64NVME))
        .checksumSHA1(Checksum.of(c, SHA1))
        .checksumSHA256(Checksum.of(c, SHA256))
        .checksumSHA512(Checksum.of(c, SHA512))
        .checksumMD5(Checksum.of(c, MD5))
        .checksumType(Checksum.typeOf(c))
        .build();
  }
}
