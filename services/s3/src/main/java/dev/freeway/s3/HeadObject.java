package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.s3.api.GetObjectOutput;
import dev.freeway.s3.api.GetObjectRequest;
import dev.freeway.s3.api.HeadObjectOutput;
import dev.freeway.s3.api.HeadObjectRequest;

/// GetObject without the bytes.
final class HeadObject implements Handler<HeadObjectRequest, HeadObjectOutput> {
  private final ReadObject read;

  HeadObject(ReadObject read) {
    this.read = read;
  }

  @Override
  public HeadObjectOutput handle(Call call, HeadObjectRequest in) {
    GetObjectOutput o =
        read.head(
            call,
            GetObjectRequest.builder()
                .bucket(in.bucket())
                .key(in.key())
                .versionId(in.versionId())
                .partNumber(in.partNumber())
                .range(in.range())
                .ifMatch(in.ifMatch())
                .ifNoneMatch(in.ifNoneMatch())
                .ifModifiedSince(in.ifModifiedSince())
                .ifUnmodifiedSince(in.ifUnmodifiedSince())
                .responseCacheControl(in.responseCacheControl())
                .responseContentDisposition(in.responseContentDisposition())
                .responseContentEncoding(in.responseContentEncoding())
                .responseContentLanguage(in.responseContentLanguage())
                .responseContentType(in.responseContentType())
                .responseExpires(in.responseExpires())
                .sseCustomerAlgorithm(in.sseCustomerAlgorithm())
                .checksumMode(in.checksumMode())
                .build());
    return HeadObjectOutput.builder()
        .acceptRanges(o.acceptRanges())
        .lastModified(o.lastModified())
        .contentLength(o.contentLength())
        .contentRange(o.contentRange())
        .eTag(o.eTag())
        .versionId(o.versionId())
        .contentType(o.contentType())
        .cacheControl(o.cacheControl())
        .contentDisposition(o.contentDisposition())
        .contentEncoding(o.contentEncoding())
        .contentLanguage(o.contentLanguage())
        .expires(o.expires())
        .websiteRedirectLocation(o.websiteRedirectLocation())
        .metadata(o.metadata())
        .serverSideEncryption(o.serverSideEncryption())
        .ssekmsKeyId(o.ssekmsKeyId())
        .bucketKeyEnabled(o.bucketKeyEnabled())
        .storageClass(o.storageClass())
        .replicationStatus(o.replicationStatus())
        .tagCount(o.tagCount())
        .partsCount(o.partsCount())
        .objectLockMode(o.objectLockMode())
        .objectLockRetainUntilDate(o.objectLockRetainUntilDate())
        .objectLockLegalHoldStatus(o.objectLockLegalHoldStatus())
        .checksumCRC32(o.checksumCRC32())
        .checksumCRC32C(o.checksumCRC32C())
        .checksumCRC64NVME(o.checksumCRC64NVME())
        .checksumSHA1(o.checksumSHA1())
        .checksumSHA256(o.checksumSHA256())
        .checksumSHA512(o.checksumSHA512())
        .checksumMD5(o.checksumMD5())
        .checksumType(o.checksumType())
        .build();
  }
}
