package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.uses.s3.GetBucketPolicyRequest;
import dev.freeway.elbv2.uses.s3.HeadBucketRequest;
import dev.freeway.elbv2.uses.s3.PutObjectRequest;
import dev.freeway.elbv2.uses.s3.S3Api;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.policy.Access;
import dev.freeway.platform.policy.Caller;
import dev.freeway.platform.policy.Policies;
import dev.freeway.platform.policy.Policy;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts log files where a bucket's policy lets Elastic Load Balancing put them: its service
/// principals, or in older regions the account that it writes from.
final class LogBuckets {
  private static final Map<String, String> ACCOUNTS =
      Map.ofEntries(
          Map.entry("us-east-1", "127311923021"),
          Map.entry("us-east-2", "033677994240"),
          Map.entry("us-west-1", "027434742980"),
          Map.entry("us-west-2", "797873946194"),
          Map.entry("af-south-1", "098369216593"),
          Map.entry("ca-central-1", "985666609251"),
          Map.entry("eu-central-1", "054676820928"),
          Map.entry("eu-west-1", "156460612806"),
          Map.entry("eu-west-2", "652711504416"),
          Map.entry("eu-west-3", "009996457667"),
          Map.entry("eu-south-1", "635631232127"),
          Map.entry("eu-north-1", "897822967062"),
          Map.entry("ap-east-1", "754344448648"),
          Map.entry("ap-southeast-1", "114774131450"),
          Map.entry("ap-southeast-2", "783225319266"),
          Map.entry("ap-southeast-3", "589379963580"),
          Map.entry("ap-northeast-1", "582318560864"),
          Map.entry("ap-northeast-2", "600734575887"),
          Map.entry("ap-northeast-3", "383597477331"),
          Map.entry("ap-south-1", "718504428378"),
          Map.entry("me-south-1", "076674570225"),
          Map.entry("sa-east-1", "507241528517"));

  private static final String ANYTHING =
      """
      {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
      """;

  private final Platform platform;

  LogBuckets(Platform platform) {
    this.platform = platform;
  }

  static Scope scope(String balancerArn) {
    Arn arn = Arn.parse(balancerArn).orElseThrow();
    return new Scope(arn.account(), arn.region());
  }

  /// Throws InvalidConfigurationRequest when the bucket is not there, or its policy does not allow
  /// it.
  void put(Balancer b, String bucket, String key, byte[] content) {
    Scope scope = scope(b.arn());
    Call call = platform.background(scope, "elasticloadbalancing");
    try {
      platform
          .clients()
          .call(call, S3Api.HEAD_BUCKET, HeadBucketRequest.builder().bucket(bucket).build());
    } catch (AwsException e) {
      throw e.status() == 404
          ? Elbv2Errors.invalidConfigurationRequestException(
              "Bucket '" + bucket + "' does not exist")
          : e;
    }
    if (!permitted(b, scope, call, bucket, key)) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "Access Denied for bucket: " + bucket + ". Please check S3bucket permission");
    }
    platform
        .clients()
        .call(
            call,
            S3Api.PUT_OBJECT,
            PutObjectRequest.builder().bucket(bucket).key(key).body(Body.of(content)).build());
  }

  private boolean permitted(Balancer b, Scope scope, Call call, String bucket, String key) {
    Optional<Policy> policy = policy(call, bucket);
    if (policy.isEmpty()) {
      return false;
    }
    String account = ACCOUNTS.getOrDefault(scope.region(), "");
    return List.of(
            new Caller(
                Caller.Kind.SERVICE, account, "logdelivery.elasticloadbalancing.amazonaws.com"),
            new Caller(Caller.Kind.SERVICE, account, "delivery.logs.amazonaws.com"),
            new Caller(Caller.Kind.ROOT, account, "arn:aws:iam::" + account + ":root"))
        .stream()
        .anyMatch(c -> permitted(policy.get(), c, b, scope, "arn:aws:s3:::" + bucket + "/" + key));
  }

  private static boolean permitted(
      Policy policy, Caller caller, Balancer b, Scope scope, String object) {
    Access access =
        new Access(
            caller,
            "s3:PutObject",
            object,
            Map.of(
                "aws:SourceArn", List.of(b.arn()),
                "aws:SourceAccount", List.of(scope.account()),
                "aws:SecureTransport", List.of("true"),
                "s3:x-amz-acl", List.of("bucket-owner-full-control")));
    // What the writing account's own policies allow is AWS's affair: the bucket's must.
    Policies policies =
        new Policies(
            List.of(Policy.parse(ANYTHING)),
            Optional.empty(),
            Optional.empty(),
            Optional.of(policy),
            false,
            true);
    return policies.decide(access) instanceof Policies.Decision.Allowed;
  }

  private Optional<Policy> policy(Call call, String bucket) {
    try {
      String text =
          platform
              .clients()
              .call(
                  call,
                  S3Api.GET_BUCKET_POLICY,
                  GetBucketPolicyRequest.builder().bucket(bucket).build())
              .policy();
      return Optional.of(Policy.parse(text));
    } catch (AwsException e) {
      if (e.is("NoSuchBucketPolicy")) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
