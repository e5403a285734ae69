package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Scope;
import dev.freeway.s3.api.CreateBucketConfiguration;
import dev.freeway.s3.api.CreateBucketOutput;
import dev.freeway.s3.api.CreateBucketRequest;
import dev.freeway.s3.api.OwnershipControls;
import dev.freeway.s3.api.OwnershipControlsRule;
import dev.freeway.s3.api.PublicAccessBlockConfiguration;
import dev.freeway.s3.api.Tagging;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.List;

/// Makes a bucket with AWS's defaults of today: the owner's objects, no public access.
final class CreateBucket implements Handler<CreateBucketRequest, CreateBucketOutput> {
  private final Store store;
  private final Buckets buckets;

  CreateBucket(Store store, Buckets buckets) {
    this.store = store;
    this.buckets = buckets;
  }

  @Override
  public CreateBucketOutput handle(Call call, CreateBucketRequest in) {
    if (!BucketName.isValid(in.bucket())) {
      throw AwsException.client("InvalidBucketName", "The specified bucket is not valid.")
          .with("BucketName", in.bucket());
    }
    boolean lock = Boolean.TRUE.equals(in.objectLockEnabledForBucket());
    Bucket made =
        new Bucket(
            in.bucket(),
            call.account(),
            region(call, in),
            call.at(),
            lock ? "Enabled" : null,
            lock);
    store.update(
        tx -> {
          if (!buckets.insert(tx, made)) {
            checkAgain(call, made, buckets.find(tx, in.bucket()).orElseThrow());
            return;
          }
          String ownership =
              in.objectOwnership() == null ? "BucketOwnerEnforced" : in.objectOwnership();
          BucketSettings.OWNERSHIP.put(tx, made.name(), ownership(ownership));
          BucketSettings.PUBLIC_ACCESS.put(
              tx, made.name(), new PublicAccessBlockConfiguration(true, true, true, true));
          CreateBucketConfiguration c = in.createBucketConfiguration();
          if (c != null && c.tags() != null && !c.tags().isEmpty()) {
            Tags.check(c.tags(), Tags.MOST_OF_BUCKET);
            BucketSettings.TAGS.put(tx, made.name(), new Tagging(c.tags()));
          }
        });
    return CreateBucketOutput.builder()
        .location(
            made.region().equals(Scope.DEFAULT_REGION)
                ? "/" + made.name()
                : "http://" + made.name() + ".s3.amazonaws.com/")
        .bucketArn(made.arn())
        .build();
  }

  static OwnershipControls ownership(String ownership) {
    return new OwnershipControls(List.of(new OwnershipControlsRule(ownership)));
  }

  // Only us-east-1 takes a second creation by the owner as done.
  private static void checkAgain(Call call, Bucket made, Bucket there) {
    if (!there.account().equals(call.account())) {
      throw AwsException.of(
              "BucketAlreadyExists",
              409,
              "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.")
          .with("BucketName", made.name());
    }
    if (!made.region().equals(Scope.DEFAULT_REGION) || !there.region().equals(made.region())) {
      throw AwsException.of(
              "BucketAlreadyOwnedByYou",
              409,
              "Your previous request to create the named bucket succeeded and you already own it.")
          .with("BucketName", made.name());
    }
  }

  private static String region(Call call, CreateBucketRequest in) {
    CreateBucketConfiguration c = in.createBucketConfiguration();
    String asked = c == null || c.locationConstraint() == null ? "" : c.locationConstraint();
    boolean home = call.region().equals(Scope.DEFAULT_REGION);
    if (asked.equals(Scope.DEFAULT_REGION)) {
      throw AwsException.client(
              "InvalidLocationConstraint", "The specified location-constraint is not valid")
          .with("LocationConstraint", asked);
    }
    String region = asked.equals("EU") ? "eu-west-1" : asked;
    if (!home && !region.equals(call.region())) {
      throw AwsException.client(
          "IllegalLocationConstraintException",
          "The "
              + (asked.isEmpty() ? "unspecified" : asked)
              + " location constraint is incompatible for the region specific endpoint this request was sent to.");
    }
    return region.isEmpty() ? Scope.DEFAULT_REGION : region;
  }
}
