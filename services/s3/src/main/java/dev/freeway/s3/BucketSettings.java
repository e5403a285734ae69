package dev.freeway.s3;

import dev.freeway.s3.api.AccelerateConfiguration;
import dev.freeway.s3.api.AccessControlPolicy;
import dev.freeway.s3.api.BucketLifecycleConfiguration;
import dev.freeway.s3.api.BucketLoggingStatus;
import dev.freeway.s3.api.CORSConfiguration;
import dev.freeway.s3.api.NotificationConfiguration;
import dev.freeway.s3.api.ObjectLockConfiguration;
import dev.freeway.s3.api.OwnershipControls;
import dev.freeway.s3.api.PublicAccessBlockConfiguration;
import dev.freeway.s3.api.ReplicationConfiguration;
import dev.freeway.s3.api.RequestPaymentConfiguration;
import dev.freeway.s3.api.ServerSideEncryptionConfiguration;
import dev.freeway.s3.api.Tagging;
import dev.freeway.s3.api.WebsiteConfiguration;
import dev.freeway.store.Tx;
import java.util.List;

/// The configurations a bucket may have, with AWS's words for their absence.
final class BucketSettings {
  record Policy(String text) {}

  static final Setting<Policy> POLICY =
      Setting.of("policy", Policy.class, "NoSuchBucketPolicy", "The bucket policy does not exist");
  static final Setting<CORSConfiguration> CORS =
      Setting.of(
          "cors",
          CORSConfiguration.class,
          "NoSuchCORSConfiguration",
          "The CORS configuration does not exist");
  static final Setting<BucketLifecycleConfiguration> LIFECYCLE =
      Setting.of(
          "lifecycle",
          BucketLifecycleConfiguration.class,
          "NoSuchLifecycleConfiguration",
          "The lifecycle configuration does not exist");
  static final Setting<Tagging> TAGS =
      Setting.of("tags", Tagging.class, "NoSuchTagSet", "The TagSet does not exist");
  static final Setting<WebsiteConfiguration> WEBSITE =
      Setting.of(
          "website",
          WebsiteConfiguration.class,
          "NoSuchWebsiteConfiguration",
          "The specified bucket does not have a website configuration");
  static final Setting<ServerSideEncryptionConfiguration> ENCRYPTION =
      Setting.of(
          "encryption",
          ServerSideEncryptionConfiguration.class,
          "ServerSideEncryptionConfigurationNotFoundError",
          "The server side encryption configuration was not found");
  static final Setting<PublicAccessBlockConfiguration> PUBLIC_ACCESS =
      Setting.of(
          "public_access",
          PublicAccessBlockConfiguration.class,
          "NoSuchPublicAccessBlockConfiguration",
          "The public access block configuration was not found");
  static final Setting<OwnershipControls> OWNERSHIP =
      Setting.of(
          "ownership",
          OwnershipControls.class,
          "OwnershipControlsNotFoundError",
          "The bucket ownership controls were not found");
  static final Setting<ObjectLockConfiguration> OBJECT_LOCK =
      Setting.of(
          "object_lock",
          ObjectLockConfiguration.class,
          "ObjectLockConfigurationNotFoundError",
          "Object Lock configuration does not exist for this bucket");
  static final Setting<ReplicationConfiguration> REPLICATION =
      Setting.of(
          "replication",
          ReplicationConfiguration.class,
          "ReplicationConfigurationNotFoundError",
          "The replication configuration was not found");
  static final Setting<BucketLoggingStatus> LOGGING =
      Setting.of("logging", BucketLoggingStatus.class, "", "");
  static final Setting<NotificationConfiguration> NOTIFICATION =
      Setting.of("notification", NotificationConfiguration.class, "", "");
  static final Setting<AccelerateConfiguration> ACCELERATE =
      Setting.of("accelerate", AccelerateConfiguration.class, "", "");
  static final Setting<RequestPaymentConfiguration> PAYMENT =
      Setting.of("payment", RequestPaymentConfiguration.class, "", "");
  static final Setting<AccessControlPolicy> ACL =
      Setting.of("acl", AccessControlPolicy.class, "", "");

  private static final List<Setting<?>> ALL =
      List.of(
          POLICY,
          CORS,
          LIFECYCLE,
          TAGS,
          WEBSITE,
          ENCRYPTION,
          PUBLIC_ACCESS,
          OWNERSHIP,
          OBJECT_LOCK,
          LOGGING,
          NOTIFICATION,
          ACCELERATE,
          PAYMENT,
          ACL);

  private BucketSettings() {}

  static void deleteAll(Tx tx, String bucket) {
    ALL.forEach(s -> s.delete(tx, bucket));
  }
}
