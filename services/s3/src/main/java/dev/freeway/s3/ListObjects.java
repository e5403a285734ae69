package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.s3.api.CommonPrefix;
import dev.freeway.s3.api.ListObjectsOutput;
import dev.freeway.s3.api.ListObjectsRequest;
import dev.freeway.s3.api.ListObjectsV2Output;
import dev.freeway.s3.api.ListObjectsV2Request;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.QueryString;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists the latest objects of a bucket, in both of S3's forms.
final class ListObjects {
  private static final int MOST = 1000;

  private final Store store;
  private final Buckets buckets;
  private final Objects objects;

  ListObjects(Store store, Buckets buckets, Objects objects) {
    this.store = store;
    this.buckets = buckets;
    this.objects = objects;
  }

  ListObjectsV2Output v2(Call call, ListObjectsV2Request in) {
    int max = max(in.maxKeys());
    String after =
        in.continuationToken() != null ? decode(in.continuationToken()) : or(in.startAfter());
    Bucket[] bucket = new Bucket[1];
    Listing page =
        store.read(
            tx -> {
              bucket[0] = buckets.require(tx, call, in.bucket());
              return Listing.of(
                  objects, tx, in.bucket(), or(in.prefix()), or(in.delimiter()), after, max);
            });
    boolean owner = Boolean.TRUE.equals(in.fetchOwner());
    boolean url = Encoded.asked(in.encodingType());
    return ListObjectsV2Output.builder()
        .name(in.bucket())
        .prefix(Encoded.text(or(in.prefix()), url))
        .delimiter(Encoded.text(in.delimiter(), url))
        .encodingType(in.encodingType())
        .maxKeys(max)
        .startAfter(Encoded.text(in.startAfter(), url))
        .continuationToken(in.continuationToken())
        .isTruncated(page.truncated())
        .nextContinuationToken(page.truncated() ? encode(String.valueOf(page.last())) : null)
        .contents(contents(page, owner ? bucket[0].account() : null, url))
        .commonPrefixes(prefixes(page.prefixes(), url))
        .keyCount(page.objects().size() + page.prefixes().size())
        .build();
  }

  ListObjectsOutput v1(Call call, ListObjectsRequest in) {
    int max = max(in.maxKeys());
    Bucket[] bucket = new Bucket[1];
    Listing page =
        store.read(
            tx -> {
              bucket[0] = buckets.require(tx, call, in.bucket());
              return Listing.of(
                  objects,
                  tx,
                  in.bucket(),
                  or(in.prefix()),
                  or(in.delimiter()),
                  or(in.marker()),
                  max);
            });
    boolean url = Encoded.asked(in.encodingType());
    // Without a delimiter the last key of the page is the marker, and S3 names none.
    boolean named = page.truncated() && in.delimiter() != null;
    return ListObjectsOutput.builder()
        .name(in.bucket())
        .prefix(Encoded.text(or(in.prefix()), url))
        .marker(Encoded.text(or(in.marker()), url))
        .nextMarker(named ? Encoded.text(page.last(), url) : null)
        .delimiter(Encoded.text(in.delimiter(), url))
        .encodingType(in.encodingType())
        .maxKeys(max)
        .isTruncated(page.truncated())
        .contents(contents(page, bucket[0].account(), url))
        .commonPrefixes(prefixes(page.prefixes(), url))
        .build();
  }

  private static List<dev.freeway.s3.api.Object> contents(
      Listing page, @Nullable String owner, boolean url) {
    return page.objects().stream()
        .map(
            o ->
                dev.freeway.s3.api.Object.builder()
                    .key(Encoded.text(o.key(), url))
                    .lastModified(o.modified())
                    .eTag(o.quotedEtag())
                    .size(o.size())
                    .storageClass(o.storageClass())
                    .checksumAlgorithm(
                        o.checksum() == null ? null : List.of(o.checksum().algorithm().name()))
                    .checksumType(Checksum.typeOf(o.checksum()))
                    .owner(owner == null ? null : BucketOperations.owner(owner))
                    .build())
        .toList();
  }

  static List<CommonPrefix> prefixes(List<String> prefixes, boolean url) {
    return prefixes.stream().map(p -> new CommonPrefix(Encoded.text(p, url))).toList();
  }

  static int max(@Nullable Integer asked) {
    if (asked != null && asked < 0) {
      throw S3Error.invalidArgument(
          "Argument maxKeys must be an integer between 0 and 2147483647",
          "maxKeys",
          asked.toString());
    }
    return asked == null ? MOST : Math.min(asked, MOST);
  }

  static String or(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String encode(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("1" + last).getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    AwsException bad =
        S3Error.invalidArgument(
            "The continuation token provided is incorrect", "continuation-token", token);
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith("1")) {
        return text.substring(1);
      }
    } catch (IllegalArgumentException e) {
      throw bad;
    }
    throw bad;
  }

  /// `encoding-type=url`: keys that XML could not carry.
  static final class Encoded {
    private Encoded() {}

    static boolean asked(@Nullable String type) {
      if (type != null && !type.equals("url")) {
        throw S3Error.invalidArgument(
            "Invalid Encoding Method specified in Request", "encoding-type", type);
      }
      return type != null;
    }

    static @Nullable String text(@Nullable String text, boolean url) {
      return text == null || !url ? text : QueryString.encode(text, true);
    }
  }
}
