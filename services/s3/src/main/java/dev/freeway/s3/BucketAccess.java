package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.s3.api.*;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may do what: policy, public access block, ownership and access control lists. They are kept
/// and read back; they are not enforced until authorization is switched on.
final class BucketAccess {
  private static final String GROUPS = "http://acs.amazonaws.com/groups/";

  private final Store store;
  private final Buckets buckets;

  BucketAccess(Store store, Buckets buckets) {
    this.store = store;
    this.buckets = buckets;
  }

  GetBucketPolicyOutput policy(Call call, GetBucketPolicyRequest in) {
    return store.read(
        tx -> {
          buckets.require(tx, call, in.bucket());
          return new GetBucketPolicyOutput(BucketSettings.POLICY.require(tx, in.bucket()).text());
        });
  }

  Structure.Empty putPolicy(Call call, PutBucketPolicyRequest in) {
    BucketPolicy policy = BucketPolicy.parse(in.policy(), in.bucket());
    store.update(
        tx -> {
          Bucket b = buckets.require(tx, call, in.bucket());
          boolean blocked =
              BucketSettings.PUBLIC_ACCESS
                  .find(tx, b.name())
                  .filter(p -> Boolean.TRUE.equals(p.blockPublicPolicy()))
                  .isPresent();
          if (blocked && policy.isPublic()) {
            throw AwsException.of(
                "AccessDenied",
                403,
                "User: "
                    + call.principal().arn()
                    + " is not authorized to perform: s3:PutBucketPolicy on resource: \""
                    + b.arn()
                    + "\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.");
          }
          BucketSettings.POLICY.put(tx, b.name(), new BucketSettings.Policy(in.policy()));
        });
    return new Structure.Empty();
  }

  Structure.Empty deletePolicy(Call call, DeleteBucketPolicyRequest in) {
    return delete(call, in.bucket(), BucketSettings.POLICY);
  }

  GetBucketPolicyStatusOutput policyStatus(Call call, GetBucketPolicyStatusRequest in) {
    return store.read(
        tx -> {
          buckets.require(tx, call, in.bucket());
          String text = BucketSettings.POLICY.require(tx, in.bucket()).text();
          return new GetBucketPolicyStatusOutput(
              new PolicyStatus(BucketPolicy.parse(text, in.bucket()).isPublic()));
        });
  }

  GetPublicAccessBlockOutput publicAccess(Call call, GetPublicAccessBlockRequest in) {
    return store.read(
        tx -> {
          buckets.require(tx, call, in.bucket());
          return new GetPublicAccessBlockOutput(
              BucketSettings.PUBLIC_ACCESS.require(tx, in.bucket()));
        });
  }

  Structure.Empty putPublicAccess(Call call, PutPublicAccessBlockRequest in) {
    var c = in.publicAccessBlockConfiguration();
    var whole =
        new PublicAccessBlockConfiguration(
            Boolean.TRUE.equals(c.blockPublicAcls()),
            Boolean.TRUE.equals(c.ignorePublicAcls()),
            Boolean.TRUE.equals(c.blockPublicPolicy()),
            Boolean.TRUE.equals(c.restrictPublicBuckets()));
    store.update(
        tx -> {
          buckets.require(tx, call, in.bucket());
          BucketSettings.PUBLIC_ACCESS.put(tx, in.bucket(), whole);
        });
    return new Structure.Empty();
  }

  Structure.Empty deletePublicAccess(Call call, DeletePublicAccessBlockRequest in) {
    return delete(call, in.bucket(), BucketSettings.PUBLIC_ACCESS);
  }

  GetBucketOwnershipControlsOutput ownership(Call call, GetBucketOwnershipControlsRequest in) {
    return store.read(
        tx -> {
          buckets.require(tx, call, in.bucket());
          return new GetBucketOwnershipControlsOutput(
              BucketSettings.OWNERSHIP.require(tx, in.bucket()));
        });
  }

  Structure.Empty putOwnership(Call call, PutBucketOwnershipControlsRequest in) {
    if (in.ownershipControls().rules() == null || in.ownershipControls().rules().size() != 1) {
      throw S3Error.malformedXml();
    }
    store.update(
        tx -> {
          buckets.require(tx, call, in.bucket());
          BucketSettings.OWNERSHIP.put(tx, in.bucket(), in.ownershipControls());
        });
    return new Structure.Empty();
  }

  Structure.Empty deleteOwnership(Call call, DeleteBucketOwnershipControlsRequest in) {
    return delete(call, in.bucket(), BucketSettings.OWNERSHIP);
  }

  private Structure.Empty delete(Call call, String bucket, Setting<?> setting) {
    store.update(
        tx -> {
          buckets.require(tx, call, bucket);
          setting.delete(tx, bucket);
        });
    return new Structure.Empty();
  }

  GetBucketAclOutput acl(Call call, GetBucketAclRequest in) {
    return store.read(
        tx -> {
          Bucket b = buckets.require(tx, call, in.bucket());
          Owner owner = BucketOperations.owner(b.account());
          AccessControlPolicy p =
              BucketSettings.ACL
                  .find(tx, b.name())
                  .filter(x -> allowsAcls(tx, b.name()))
                  .orElseGet(() -> new AccessControlPolicy(canned("private", owner), owner));
          return new GetBucketAclOutput(p.owner() == null ? owner : p.owner(), p.grants());
        });
  }

  Structure.Empty putAcl(Call call, PutBucketAclRequest in) {
    store.update(
        tx -> {
          Bucket b = buckets.require(tx, call, in.bucket());
          if (!allowsAcls(tx, b.name())) {
            throw noAcls();
          }
          Owner owner = BucketOperations.owner(b.account());
          if (in.acl() == null && in.accessControlPolicy() == null) {
            throw AwsException.client(
                "NotImplemented", "Freeway takes canned ACLs and ACL documents, not grant headers");
          }
          BucketSettings.ACL.put(
              tx,
              b.name(),
              in.acl() == null
                  ? in.accessControlPolicy()
                  : new AccessControlPolicy(canned(in.acl(), owner), owner));
        });
    return new Structure.Empty();
  }

  GetObjectAclOutput objectAcl(Call call, Objects objects, GetObjectAclRequest in) {
    return store.read(
        tx -> {
          Bucket b = buckets.require(tx, call, in.bucket());
          ReadObject.version(objects, tx, b, in.key(), in.versionId());
          Owner owner = BucketOperations.owner(b.account());
          return GetObjectAclOutput.builder().owner(owner).grants(canned("private", owner)).build();
        });
  }

  /// Objects belong to the bucket's owner alone; other ACLs on them are refused, as by default on
  /// AWS.
  static void checkObjectAcl(@Nullable String acl) {
    if (acl != null && !acl.equals("bucket-owner-full-control") && !acl.equals("private")) {
      throw noAcls();
    }
  }

  private static AwsException noAcls() {
    return AwsException.client("AccessControlListNotSupported", "The bucket does not allow ACLs");
  }

  private static boolean allowsAcls(ReadTx tx, String bucket) {
    return BucketSettings.OWNERSHIP
        .find(tx, bucket)
        .filter(o -> !o.rules().getFirst().objectOwnership().equals("BucketOwnerEnforced"))
        .isPresent();
  }

  private static List<Grant> canned(String acl, Owner owner) {
    List<Grant> grants = new ArrayList<>();
    grants.add(
        new Grant(Grantee.builder().type("CanonicalUser").id(owner.id()).build(), "FULL_CONTROL"));
    switch (acl) {
      case "public-read" -> grants.add(group("global/AllUsers", "READ"));
      case "public-read-write" -> {
        grants.add(group("global/AllUsers", "READ"));
        grants.add(group("global/AllUsers", "WRITE"));
      }
      case "authenticated-read" -> grants.add(group("global/AuthenticatedUsers", "READ"));
      case "log-delivery-write" -> {
        grants.add(group("s3/LogDelivery", "WRITE"));
        grants.add(group("s3/LogDelivery", "READ_ACP"));
      }
      default -> {}
    }
    return grants;
  }

  private static Grant group(String name, String permission) {
    return new Grant(Grantee.builder().type("Group").uri(GROUPS + name).build(), permission);
  }
}
