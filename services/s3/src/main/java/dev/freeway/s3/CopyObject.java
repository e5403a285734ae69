package dev.freeway.s3;

import static dev.freeway.s3.ChecksumAlgorithm.*;

import dev.freeway.platform.Call;
import dev.freeway.s3.api.CopyObjectOutput;
import dev.freeway.s3.api.CopyObjectRequest;
import dev.freeway.s3.api.CopyObjectResult;
import dev.freeway.s3.api.CopyPartResult;
import dev.freeway.s3.api.UploadPartCopyOutput;
import dev.freeway.s3.api.UploadPartCopyRequest;
import dev.freeway.store.Blobs;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.Body;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Copies. The copy of a plain object shares its bytes; only what needs a new digest is read.
final class CopyObject {
  private static final long LARGEST = 5L << 30;
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");

  private final Store store;
  private final Buckets buckets;
  private final Objects objects;
  private final Blobs blobs;
  private final Ingest ingest;
  private final ObjectWrite write;
  private final Garbage garbage;
  private final Uploads uploads;
  private final MultipartUploads multipart;

  CopyObject(
      Store store,
      Buckets buckets,
      Objects objects,
      Blobs blobs,
      Ingest ingest,
      ObjectWrite write,
      Garbage garbage,
      Uploads uploads,
      MultipartUploads multipart) {
    this.store = store;
    this.buckets = buckets;
    this.objects = objects;
    this.blobs = blobs;
    this.ingest = ingest;
    this.write = write;
    this.garbage = garbage;
    this.uploads = uploads;
    this.multipart = multipart;
  }

  CopyObjectOutput copy(Call call, CopyObjectRequest in) {
    ObjectKey.check(in.key());
    SseCustomerKey.refuse(in.sseCustomerAlgorithm());
    SseCustomerKey.refuse(in.copySourceSSECustomerAlgorithm());
    CopySource from = CopySource.parse(in.copySource());
    Conditions conditions =
        new Conditions(
            in.copySourceIfMatch(),
            in.copySourceIfNoneMatch(),
            in.copySourceIfModifiedSince(),
            in.copySourceIfUnmodifiedSince());
    StoredObject source = store.read(tx -> source(tx, call, from, conditions));
    if (source.size() > LARGEST) {
      throw S3Error.invalidRequest(
          "The specified copy source is larger than the maximum allowable size for a copy source: "
              + LARGEST);
    }
    checkSelfCopy(in, from, source);
    ChecksumRequest wanted = ChecksumRequest.of(in.checksumAlgorithm(), Map.of());
    boolean sameChecksum =
        wanted.algorithm() == null
            || source.checksum() != null && source.checksum().algorithm() == wanted.algorithm();
    boolean plain = source.segments().size() == 1 && !source.etag().contains("-") && sameChecksum;
    StoredObject stored =
        plain ? shared(call, in, from, conditions) : rewritten(call, in, source, wanted);
    Checksum c = stored.checksum();
    return CopyObjectOutput.builder()
        .copyObjectResult(
            CopyObjectResult.builder()
                .eTag(stored.quotedEtag())
                .lastModified(stored.modified())
                .checksumCRC32(Checksum.of(c, CRC32))
                .checksumCRC32C(Checksum.of(c, CRC32C))
                .checksumCRC64NVME(Checksum.of(c, CRC64NVME))
                .checksumSHA1(Checksum.of(c, SHA1))
                .checksumSHA256(Checksum.of(c, SHA256))
                .checksumType(Checksum.typeOf(c))
                .build())
        .copySourceVersionId(source.sequence() == 0 ? null : source.versionId())
        .versionId(stored.sequence() == 0 ? null : stored.versionId())
        .serverSideEncryption(stored.encryption().algorithm())
        .ssekmsKeyId(stored.encryption().kmsKeyId())
        .build();
  }

  private StoredObject shared(
      Call call, CopyObjectRequest in, CopySource from, Conditions conditions) {
    return store.write(
        tx -> {
          // Read again: it may have been replaced, and its bytes be gone.
          StoredObject source = source(tx, call, from, conditions);
          Bucket b = buckets.require(tx, call, in.bucket());
          write.check(tx, b, in.key(), in.ifMatch(), in.ifNoneMatch());
          garbage.share(tx, source.segments());
          StoredObject object =
              attributes(in, source)
                  .object(
                      in.key(),
                      source.etag(),
                      source.segments(),
                      source.parts(),
                      source.checksum(),
                      call.at());
          return write.put(tx, call, b, object, "CopyObject");
        });
  }

  private StoredObject rewritten(
      Call call, CopyObjectRequest in, StoredObject source, ChecksumRequest wanted) {
    store.read(tx -> buckets.require(tx, call, in.bucket()));
    Ingest.Received received = ingest.receive(body(source.segments()), null, null, wanted);
    StoredObject object =
        attributes(in, source)
            .object(
                in.key(),
                received.md5(),
                List.of(new Segment(received.blob().id(), 0, received.size())),
                List.of(),
                received.checksum(),
                call.at());
    return write.store(
        call,
        in.bucket(),
        object,
        new ObjectWrite.Guard(in.ifMatch(), in.ifNoneMatch()),
        "CopyObject");
  }

  private Body body(List<Segment> segments) {
    try {
      return ObjectBody.open(blobs, segments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private StoredObject source(ReadTx tx, Call call, CopySource from, Conditions conditions) {
    Bucket b = buckets.require(tx, call, from.bucket());
    StoredObject o = ReadObject.version(objects, tx, b, from.key(), from.versionId());
    conditions.checkCopy(o);
    return o;
  }

  private static void checkSelfCopy(CopyObjectRequest in, CopySource from, StoredObject source) {
    boolean same =
        from.bucket().equals(in.bucket())
            && from.key().equals(in.key())
            && from.versionId() == null;
    boolean changes =
        "REPLACE".equals(in.metadataDirective())
            || in.storageClass() != null && !in.storageClass().equals(source.storageClass())
            || in.websiteRedirectLocation() != null
            || in.serverSideEncryption() != null;
    if (same && !changes) {
      throw S3Error.invalidRequest(
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
    }
  }

  private static Attributes attributes(CopyObjectRequest in, StoredObject source) {
    boolean replace = "REPLACE".equals(in.metadataDirective());
    ContentHeaders h = source.headers();
    return new Attributes(
        replace
            ? new ContentHeaders(
                in.contentType(),
                in.cacheControl(),
                in.contentDisposition(),
                in.contentEncoding(),
                in.contentLanguage(),
                in.expires(),
                in.websiteRedirectLocation())
            : new ContentHeaders(
                h.type(),
                h.cacheControl(),
                h.disposition(),
                h.encoding(),
                h.language(),
                h.expires(),
                in.websiteRedirectLocation()),
        replace ? Attributes.metadata(in.metadata()) : source.metadata(),
        "REPLACE".equals(in.taggingDirective()) ? Tags.ofHeader(in.tagging()) : source.tags(),
        in.storageClass(),
        in.serverSideEncryption() == null
            ? null
            : new Encryption(in.serverSideEncryption(), in.ssekmsKeyId(), in.bucketKeyEnabled()),
        new Lock(
            in.objectLockMode(), in.objectLockRetainUntilDate(), in.objectLockLegalHoldStatus()));
  }

  UploadPartCopyOutput part(Call call, UploadPartCopyRequest in) {
    MultipartUploads.checkNumber(in.partNumber());
    CopySource from = CopySource.parse(in.copySource());
    Conditions conditions =
        new Conditions(
            in.copySourceIfMatch(),
            in.copySourceIfNoneMatch(),
            in.copySourceIfModifiedSince(),
            in.copySourceIfUnmodifiedSince());
    Upload upload =
        store.read(
            tx -> {
              buckets.require(tx, call, in.bucket());
              return uploads.require(tx, in.bucket(), in.key(), in.uploadId());
            });
    StoredObject source = store.read(tx -> source(tx, call, from, conditions));
    ByteRange range = range(in.copySourceRange(), source.size());
    List<Segment> segments =
        range == null
            ? source.segments()
            : ObjectBody.slice(source.segments(), range.first(), range.length());
    Ingest.Received received =
        ingest.receive(body(segments), null, null, new ChecksumRequest(upload.algorithm(), null));
    multipart.save(
        in.bucket(),
        in.key(),
        in.uploadId(),
        new Upload.Part(
            in.partNumber(),
            received.md5(),
            call.at(),
            new Segment(received.blob().id(), 0, received.size()),
            received.checksum()));
    Checksum c = received.checksum();
    return UploadPartCopyOutput.builder()
        .copyPartResult(
            CopyPartResult.builder()
                .eTag("\"" + received.md5() + "\"")
                .lastModified(call.at())
                .checksumCRC32(Checksum.of(c, CRC32))
                .checksumCRC32C(Checksum.of(c, CRC32C))
                .checksumCRC64NVME(Checksum.of(c, CRC64NVME))
                .checksumSHA1(Checksum.of(c, SHA1))
                .checksumSHA256(Checksum.of(c, SHA256))
                .build())
        .copySourceVersionId(source.sequence() == 0 ? null : source.versionId())
        .serverSideEncryption("AES256")
        .build();
  }

  private static @Nullable ByteRange range(@Nullable String header, long size) {
    if (header == null) {
      return null;
    }
    Matcher m = RANGE.matcher(header);
    if (!m.matches() || Long.parseLong(m.group(1)) > Long.parseLong(m.group(2))) {
      throw S3Error.invalidArgument(
          "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
          "x-amz-copy-source-range",
          header);
    }
    ByteRange r = new ByteRange(Long.parseLong(m.group(1)), Long.parseLong(m.group(2)));
    if (r.last() >= size) {
      throw S3Error.invalidArgument(
          "Range specified is not valid for source object of size: " + size,
          "x-amz-copy-source-range",
          header);
    }
    return r;
  }
}
