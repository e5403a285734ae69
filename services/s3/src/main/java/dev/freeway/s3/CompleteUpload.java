package dev.freeway.s3;

import static dev.freeway.s3.ChecksumAlgorithm.*;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.s3.api.CompleteMultipartUploadOutput;
import dev.freeway.s3.api.CompleteMultipartUploadRequest;
import dev.freeway.s3.api.CompletedPart;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes an object of uploaded parts. Its bytes stay where they are: the object is a list of them.
final class CompleteUpload
    implements Handler<CompleteMultipartUploadRequest, CompleteMultipartUploadOutput> {
  private static final long SMALLEST = 5L << 20;

  private final Store store;
  private final Buckets buckets;
  private final Uploads uploads;
  private final ObjectWrite write;
  private final Garbage garbage;

  CompleteUpload(
      Store store, Buckets buckets, Uploads uploads, ObjectWrite write, Garbage garbage) {
    this.store = store;
    this.buckets = buckets;
    this.uploads = uploads;
    this.write = write;
    this.garbage = garbage;
  }

  @Override
  public CompleteMultipartUploadOutput handle(Call call, CompleteMultipartUploadRequest in) {
    List<CompletedPart> named = in.multipartUpload() == null ? null : in.multipartUpload().parts();
    if (named == null || named.isEmpty()) {
      throw S3Error.malformedXml();
    }
    StoredObject stored =
        store.write(
            tx -> {
              Bucket b = buckets.require(tx, call, in.bucket());
              Upload upload = uploads.require(tx, b.name(), in.key(), in.uploadId());
              write.check(tx, b, in.key(), in.ifMatch(), in.ifNoneMatch());
              List<Upload.Part> there = uploads.parts(tx, upload);
              List<Upload.Part> chosen = choose(in.uploadId(), named, there);
              StoredObject object = object(call, in, upload, chosen);
              List<Upload.Part> rest = new ArrayList<>(there);
              rest.removeAll(chosen);
              rest.forEach(p -> garbage.drop(tx, List.of(p.segment())));
              uploads.forget(tx, b.name(), upload);
              return write.put(tx, call, b, object, "CompleteMultipartUpload");
            });
    Checksum c = stored.checksum();
    return CompleteMultipartUploadOutput.builder()
        .bucket(in.bucket())
        .key(in.key())
        .location(call.endpoint() + "/" + in.bucket() + "/" + in.key())
        .eTag(stored.quotedEtag())
        .versionId(stored.sequence() == 0 ? null : stored.versionId())
        .serverSideEncryption(stored.encryption().algorithm())
        .ssekmsKeyId(stored.encryption().kmsKeyId())
        .checksumCRC32(Checksum.of(c, CRC32))
        .checksumCRC32C(Checksum.of(c, CRC32C))
        .checksumCRC64NVME(Checksum.of(c, CRC64NVME))
        .checksumSHA1(Checksum.of(c, SHA1))
        .checksumSHA256(Checksum.of(c, SHA256))
        .checksumType(Checksum.typeOf(c))
        .build();
  }

  private static List<Upload.Part> choose(
      String uploadId, List<CompletedPart> named, List<Upload.Part> there) {
    Map<Integer, Upload.Part> byNumber = new HashMap<>();
    there.forEach(p -> byNumber.put(p.number(), p));
    List<Upload.Part> chosen = new ArrayList<>();
    int last = 0;
    for (CompletedPart n : named) {
      if (n.partNumber() == null || n.eTag() == null) {
        throw S3Error.malformedXml();
      }
      if (n.partNumber() <= last) {
        throw AwsException.client(
                "InvalidPartOrder",
                "The list of parts was not in ascending order. Parts must be ordered by part number.")
            .with("UploadId", uploadId);
      }
      last = n.partNumber();
      Upload.Part p = byNumber.get(last);
      if (p == null || !p.etag().equals(n.eTag().replace("\"", "")) || !checksumFits(n, p)) {
        throw AwsException.client(
                "InvalidPart",
                "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
            .with("UploadId", uploadId)
            .with("PartNumber", last)
            .with("ETag", n.eTag());
      }
      chosen.add(p);
    }
    for (Upload.Part p : chosen.subList(0, chosen.size() - 1)) {
      if (p.size() < SMALLEST) {
        throw AwsException.client(
                "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
            .with("ProposedSize", p.size())
            .with("MinSizeAllowed", SMALLEST)
            .with("PartNumber", p.number())
            .with("ETag", p.etag());
      }
    }
    return chosen;
  }

  private static boolean checksumFits(CompletedPart named, Upload.Part p) {
    return fits(named.checksumCRC32(), p, CRC32)
        && fits(named.checksumCRC32C(), p, CRC32C)
        && fits(named.checksumCRC64NVME(), p, CRC64NVME)
        && fits(named.checksumSHA1(), p, SHA1)
        && fits(named.checksumSHA256(), p, SHA256);
  }

  private static boolean fits(@Nullable String given, Upload.Part p, ChecksumAlgorithm a) {
    return given == null || given.equals(Checksum.of(p.checksum(), a));
  }

  private static StoredObject object(
      Call call, CompleteMultipartUploadRequest in, Upload upload, List<Upload.Part> parts) {
    Checksum checksum =
        upload.algorithm() == null || upload.checksumType() == null
            ? null
            : MultipartChecksum.of(upload.algorithm(), upload.checksumType(), parts);
    verify(in, checksum);
    StoredObject object =
        upload
            .attributes()
            .object(
                upload.key(),
                etag(parts),
                parts.stream().map(Upload.Part::segment).toList(),
                parts.stream()
                    .map(p -> new StoredObject.Part(p.number(), p.size(), p.checksum()))
                    .toList(),
                checksum,
                call.at());
    if (in.mpuObjectSize() != null && in.mpuObjectSize() != object.size()) {
      throw S3Error.invalidRequest(
          "The provided 'x-amz-mp-object-size' header value "
              + in.mpuObjectSize()
              + " does not match what was computed: "
              + object.size());
    }
    return object;
  }

  private static void verify(CompleteMultipartUploadRequest in, @Nullable Checksum checksum) {
    if (checksum == null) {
      return;
    }
    String given =
        switch (checksum.algorithm()) {
          case CRC32 -> in.checksumCRC32();
          case CRC32C -> in.checksumCRC32C();
          case CRC64NVME -> in.checksumCRC64NVME();
          case SHA1 -> in.checksumSHA1();
          case SHA256 -> in.checksumSHA256();
          case SHA512 -> in.checksumSHA512();
          case MD5 -> in.checksumMD5();
        };
    if (given != null && !given.equals(checksum.value())) {
      throw AwsException.client(
          "BadDigest",
          "The " + checksum.algorithm() + " you specified did not match the calculated checksum.");
    }
  }

  private static String etag(List<Upload.Part> parts) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      parts.forEach(p -> md5.update(HexFormat.of().parseHex(p.etag())));
      return HexFormat.of().formatHex(md5.digest()) + "-" + parts.size();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
