package dev.freeway.s3;

import static dev.freeway.s3.ChecksumAlgorithm.*;

import dev.freeway.platform.Call;
import dev.freeway.s3.api.Initiator;
import dev.freeway.s3.api.ListMultipartUploadsOutput;
import dev.freeway.s3.api.ListMultipartUploadsRequest;
import dev.freeway.s3.api.ListPartsOutput;
import dev.freeway.s3.api.ListPartsRequest;
import dev.freeway.s3.api.MultipartUpload;
import dev.freeway.s3.api.Part;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Unfinished uploads and their parts.
final class ListUploads {
  private static final int MOST = 1000;

  private final Store store;
  private final Buckets buckets;
  private final Uploads uploads;

  ListUploads(Store store, Buckets buckets, Uploads uploads) {
    this.store = store;
    this.buckets = buckets;
    this.uploads = uploads;
  }

  ListMultipartUploadsOutput uploads(Call call, ListMultipartUploadsRequest in) {
    String prefix = ListObjects.or(in.prefix());
    String delimiter = ListObjects.or(in.delimiter());
    String keyMarker = ListObjects.or(in.keyMarker());
    String idMarker = ListObjects.or(in.uploadIdMarker());
    int max = in.maxUploads() == null ? MOST : Math.min(in.maxUploads(), MOST);
    Bucket[] bucket = new Bucket[1];
    List<Upload> all =
        store.read(
            tx -> {
              bucket[0] = buckets.require(tx, call, in.bucket());
              return uploads.all(tx, in.bucket());
            });
    List<MultipartUpload> page = new ArrayList<>();
    Set<String> prefixes = new LinkedHashSet<>();
    Upload last = null;
    boolean more = false;
    boolean url = ListObjects.Encoded.asked(in.encodingType());
    for (Upload u : all) {
      boolean before =
          u.key().compareTo(keyMarker) < 0
              || u.key().equals(keyMarker)
                  && (idMarker.isEmpty() || u.id().compareTo(idMarker) <= 0);
      if (!u.key().startsWith(prefix) || before) {
        continue;
      }
      if (page.size() + prefixes.size() >= max) {
        more = true;
        break;
      }
      int at = delimiter.isEmpty() ? -1 : u.key().indexOf(delimiter, prefix.length());
      if (at >= 0) {
        prefixes.add(u.key().substring(0, at + delimiter.length()));
      } else {
        page.add(view(u, bucket[0], url));
      }
      last = u;
    }
    return ListMultipartUploadsOutput.builder()
        .bucket(in.bucket())
        .keyMarker(keyMarker)
        .uploadIdMarker(idMarker)
        .prefix(ListObjects.Encoded.text(prefix, url))
        .delimiter(ListObjects.Encoded.text(in.delimiter(), url))
        .encodingType(in.encodingType())
        .maxUploads(max)
        .isTruncated(more)
        .nextKeyMarker(more && last != null ? last.key() : null)
        .nextUploadIdMarker(more && last != null ? last.id() : null)
        .uploads(page)
        .commonPrefixes(ListObjects.prefixes(List.copyOf(prefixes), url))
        .build();
  }

  private static MultipartUpload view(Upload u, Bucket bucket, boolean url) {
    return MultipartUpload.builder()
        .uploadId(u.id())
        .key(ListObjects.Encoded.text(u.key(), url))
        .initiated(u.begun())
        .storageClass(
            u.attributes().storageClass() == null ? "STANDARD" : u.attributes().storageClass())
        .owner(BucketOperations.owner(bucket.account()))
        .initiator(new Initiator(u.initiator(), null))
        .checksumAlgorithm(u.algorithm() == null ? null : u.algorithm().name())
        .checksumType(u.checksumType())
        .build();
  }

  ListPartsOutput parts(Call call, ListPartsRequest in) {
    int after = in.partNumberMarker() == null ? 0 : in.partNumberMarker();
    int max = in.maxParts() == null ? MOST : Math.min(in.maxParts(), MOST);
    return store.read(
        tx -> {
          Bucket b = buckets.require(tx, call, in.bucket());
          Upload u = uploads.require(tx, b.name(), in.key(), in.uploadId());
          List<Upload.Part> all =
              uploads.parts(tx, u).stream().filter(p -> p.number() > after).toList();
          List<Upload.Part> page = all.subList(0, Math.min(max, all.size()));
          boolean more = page.size() < all.size();
          return ListPartsOutput.builder()
              .bucket(b.name())
              .key(u.key())
              .uploadId(u.id())
              .partNumberMarker(after)
              .nextPartNumberMarker(page.isEmpty() ? null : page.getLast().number())
              .maxParts(max)
              .isTruncated(more)
              .parts(page.stream().map(ListUploads::view).toList())
              .owner(BucketOperations.owner(b.account()))
              .initiator(new Initiator(u.initiator(), null))
              .storageClass(
                  u.attributes().storageClass() == null
                      ? "STANDARD"
                      : u.attributes().storageClass())
              .checksumAlgorithm(u.algorithm() == null ? null : u.algorithm().name())
              .checksumType(u.checksumType())
              .build();
        });
  }

  private static Part view(Upload.Part p) {
    Checksum c = p.checksum();
    return Part.builder()
        .partNumber(p.number())
        .eTag("\"" + p.etag() + "\"")
        .size(p.size())
        .lastModified(p.modified())
        .checksumCRC32(Checksum.of(c, CRC32))
        .checksumCRC32C(Checksum.of(c, CRC32C))
        .checksumCRC64NVME(Checksum.of(c, CRC64NVME))
        .checksumSHA1(Checksum.of(c, SHA1))
        .checksumSHA256(Checksum.of(c, SHA256))
        .build();
  }
}
