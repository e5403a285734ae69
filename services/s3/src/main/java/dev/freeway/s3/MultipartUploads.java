package dev.freeway.s3;

import static dev.freeway.s3.ChecksumAlgorithm.*;

import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.s3.api.AbortMultipartUploadOutput;
import dev.freeway.s3.api.AbortMultipartUploadRequest;
import dev.freeway.s3.api.CreateMultipartUploadOutput;
import dev.freeway.s3.api.CreateMultipartUploadRequest;
import dev.freeway.s3.api.UploadPartOutput;
import dev.freeway.s3.api.UploadPartRequest;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import org.jspecify.annotations.Nullable;

/// Multipart uploads begun, filled and given up.
final class MultipartUploads {
  private static final int MOST_PARTS = 10_000;

  private final Store store;
  private final Buckets buckets;
  private final Uploads uploads;
  private final Ingest ingest;
  private final Garbage garbage;

  MultipartUploads(Store store, Buckets buckets, Uploads uploads, Ingest ingest, Garbage garbage) {
    this.store = store;
    this.buckets = buckets;
    this.uploads = uploads;
    this.ingest = ingest;
    this.garbage = garbage;
  }

  CreateMultipartUploadOutput create(Call call, CreateMultipartUploadRequest in) {
    ObjectKey.check(in.key());
    SseCustomerKey.refuse(in.sseCustomerAlgorithm());
    ChecksumAlgorithm algorithm =
        ChecksumRequest.of(in.checksumAlgorithm(), java.util.Map.of()).algorithm();
    String type = checksumType(algorithm, in.checksumType());
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
            Tags.ofHeader(in.tagging()),
            in.storageClass(),
            in.serverSideEncryption() == null
                ? null
                : new Encryption(
                    in.serverSideEncryption(), in.ssekmsKeyId(), in.bucketKeyEnabled()),
            new Lock(
                in.objectLockMode(),
                in.objectLockRetainUntilDate(),
                in.objectLockLegalHoldStatus()));
    Upload upload =
        new Upload(
            Ids.alphanumeric(96),
            in.key(),
            call.at(),
            call.principal().arn(),
            attributes,
            algorithm,
            type);
    store.update(
        tx -> {
          buckets.require(tx, call, in.bucket());
          uploads.save(tx, in.bucket(), upload);
        });
    return CreateMultipartUploadOutput.builder()
        .bucket(in.bucket())
        .key(in.key())
        .uploadId(upload.id())
        .serverSideEncryption(
            in.serverSideEncryption() == null ? "AES256" : in.serverSideEncryption())
        .ssekmsKeyId(in.ssekmsKeyId())
        .checksumAlgorithm(algorithm == null ? null : algorithm.name())
        .checksumType(type)
        .build();
  }

  private static @Nullable String checksumType(
      @Nullable ChecksumAlgorithm algorithm, @Nullable String asked) {
    if (algorithm == null) {
      if (asked != null) {
        throw S3Error.invalidRequest(
            "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
      }
      return null;
    }
    String type =
        asked != null ? asked : algorithm == CRC64NVME ? Checksum.FULL : Checksum.COMPOSITE;
    boolean possible = type.equals(Checksum.FULL) ? algorithm.isCrc() : algorithm != CRC64NVME;
    if (!possible) {
      throw S3Error.invalidRequest(
          "The "
              + type
              + " checksum type cannot be used with the "
              + algorithm.name().toLowerCase(java.util.Locale.ROOT)
              + " checksum algorithm.");
    }
    return type;
  }

  UploadPartOutput part(Call call, UploadPartRequest in) {
    checkNumber(in.partNumber());
    Upload upload =
        store.read(
            tx -> {
              buckets.require(tx, call, in.bucket());
              return uploads.require(tx, in.bucket(), in.key(), in.uploadId());
            });
    var received =
        ingest.receive(in.body(), in.contentLength(), in.contentMD5(), checksum(in, upload));
    Upload.Part part =
        new Upload.Part(
            in.partNumber(),
            received.md5(),
            call.at(),
            new Segment(received.blob().id(), 0, received.size()),
            received.checksum());
    save(in.bucket(), in.key(), in.uploadId(), part);
    Checksum c = received.checksum();
    return UploadPartOutput.builder()
        .eTag("\"" + part.etag() + "\"")
        .serverSideEncryption("AES256")
        .checksumCRC32(Checksum.of(c, CRC32))
        .checksumCRC32C(Checksum.of(c, CRC32C))
        .checksumCRC64NVME(Checksum.of(c, CRC64NVME))
        .checksumSHA1(Checksum.of(c, SHA1))
        .checksumSHA256(Checksum.of(c, SHA256))
        .build();
  }

  /// Adds the part to the upload, if that has not ended meanwhile.
  void save(String bucket, String key, String uploadId, Upload.Part part) {
    try {
      store.update(tx -> uploads.putPart(tx, uploads.require(tx, bucket, key, uploadId), part));
    } catch (AwsException e) {
      garbage.delete(part.segment().blob());
      throw e;
    }
  }

  static void checkNumber(int number) {
    if (number < 1 || number > MOST_PARTS) {
      throw S3Error.invalidArgument(
          "Part number must be an integer between 1 and 10000, inclusive",
          "partNumber",
          Integer.toString(number));
    }
  }

  private static ChecksumRequest checksum(UploadPartRequest in, Upload upload) {
    String named =
        in.checksumAlgorithm() != null || upload.algorithm() == null
            ? in.checksumAlgorithm()
            : upload.algorithm().name();
    ChecksumRequest asked =
        ChecksumRequest.of(
            named,
            ChecksumRequest.values(
                in.checksumCRC32(),
                in.checksumCRC32C(),
                in.checksumCRC64NVME(),
                in.checksumSHA1(),
                in.checksumSHA256()));
    if (upload.algorithm() != null && asked.algorithm() != upload.algorithm()) {
      throw S3Error.invalidRequest(
          "Checksum Type mismatch occurred, expected checksum Type: "
              + upload.algorithm().name().toLowerCase(java.util.Locale.ROOT)
              + ", actual checksum Type: "
              + String.valueOf(asked.algorithm()).toLowerCase(java.util.Locale.ROOT));
    }
    return asked;
  }

  AbortMultipartUploadOutput abort(Call call, AbortMultipartUploadRequest in) {
    store.update(
        tx -> {
          buckets.require(tx, call, in.bucket());
          uploads.abort(tx, in.bucket(), uploads.require(tx, in.bucket(), in.key(), in.uploadId()));
        });
    return AbortMultipartUploadOutput.builder().build();
  }
}
