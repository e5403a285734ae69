package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Scope;
import dev.freeway.s3.api.DeleteBucketRequest;
import dev.freeway.s3.api.GetBucketLocationOutput;
import dev.freeway.s3.api.GetBucketLocationRequest;
import dev.freeway.s3.api.HeadBucketOutput;
import dev.freeway.s3.api.HeadBucketRequest;
import dev.freeway.s3.api.ListBucketsOutput;
import dev.freeway.s3.api.ListBucketsRequest;
import dev.freeway.s3.api.Owner;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.List;

/// Buckets seen, listed and deleted.
final class BucketOperations {
  private static final int MOST = 10_000;

  private final Store store;
  private final Buckets buckets;
  private final Objects objects;
  private final Uploads uploads;

  BucketOperations(Store store, Buckets buckets, Objects objects, Uploads uploads) {
    this.store = store;
    this.buckets = buckets;
    this.objects = objects;
    this.uploads = uploads;
  }

  Structure.Empty delete(Call call, DeleteBucketRequest in) {
    store.update(
        tx -> {
          Bucket b = buckets.require(tx, call, in.bucket());
          if (!objects.isEmpty(tx, b.name())) {
            throw AwsException.of(
                    "BucketNotEmpty",
                    409,
                    "The bucket you tried to delete is not empty"
                        + (b.everVersioned()
                            ? ". You must delete all versions in the bucket."
                            : ""))
                .with("BucketName", b.name());
          }
          // As on AWS, unfinished uploads do not keep a bucket.
          uploads.deleteAll(tx, b.name());
          BucketSettings.deleteAll(tx, b.name());
          buckets.delete(tx, b.name());
        });
    return new Structure.Empty();
  }

  HeadBucketOutput head(Call call, HeadBucketRequest in) {
    Bucket b = store.read(tx -> buckets.require(tx, call, in.bucket()));
    return HeadBucketOutput.builder()
        .bucketArn(b.arn())
        .bucketRegion(b.region())
        .accessPointAlias(false)
        .build();
  }

  GetBucketLocationOutput location(Call call, GetBucketLocationRequest in) {
    Bucket b = store.read(tx -> buckets.require(tx, call, in.bucket()));
    String region = b.region().equals(Scope.DEFAULT_REGION) ? null : b.region();
    return GetBucketLocationOutput.builder().locationConstraint(region).build();
  }

  ListBucketsOutput list(Call call, ListBucketsRequest in) {
    String prefix = in.prefix() == null ? "" : in.prefix();
    List<Bucket> mine =
        store.read(tx -> buckets.of(tx, call.account())).stream()
            .filter(b -> b.name().startsWith(prefix))
            .filter(b -> in.bucketRegion() == null || in.bucketRegion().equals(b.region()))
            .toList();
    boolean paged = in.maxBuckets() != null;
    var page =
        Page.of(
            mine,
            Bucket::name,
            in.continuationToken(),
            in.maxBuckets(),
            MOST,
            S3Error.invalidArgument(
                "The continuation token provided is incorrect",
                "continuation-token",
                String.valueOf(in.continuationToken())));
    return ListBucketsOutput.builder()
        .buckets(
            page.map(
                b ->
                    dev.freeway.s3.api.Bucket.builder()
                        .name(b.name())
                        .creationDate(b.created())
                        .bucketRegion(paged || in.bucketRegion() != null ? b.region() : null)
                        .bucketArn(b.arn())
                        .build()))
        .owner(owner(call.account()))
        .continuationToken(page.nextToken())
        .prefix(in.prefix())
        .build();
  }

  /// The canonical user of an account.
  static Owner owner(String account) {
    return Owner.builder()
        .id(
            dev.freeway.wire.sign.SigV4.sha256Hex(
                account.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .build();
  }
}
