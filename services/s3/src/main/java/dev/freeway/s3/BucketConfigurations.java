package dev.freeway.s3;

import dev.freeway.flow.Flow;
import dev.freeway.platform.Call;
import dev.freeway.s3.api.*;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Configurations that are put, read back and deleted; what they bring about is elsewhere.
final class BucketConfigurations {
  private static final int MOST_RULES = 1000;

  private final Store store;
  private final Buckets buckets;
  private final Flow flow;
  private final Notices notices;

  BucketConfigurations(Store store, Buckets buckets, Flow flow, Notices notices) {
    this.notices = notices;
    this.store = store;
    this.buckets = buckets;
    this.flow = flow;
  }

  private <T> T get(Call call, String bucket, Setting<T> setting) {
    return store.read(
        tx -> {
          buckets.require(tx, call, bucket);
          return setting.require(tx, bucket);
        });
  }

  private <T> T getOr(Call call, String bucket, Setting<T> setting, T otherwise) {
    return store.read(
        tx -> {
          buckets.require(tx, call, bucket);
          return setting.find(tx, bucket).orElse(otherwise);
        });
  }

  private Structure.Empty change(Call call, String bucket, BiConsumer<Tx, Bucket> how) {
    store.update(tx -> how.accept(tx, buckets.require(tx, call, bucket)));
    return new Structure.Empty();
  }

  private <T> Structure.Empty put(
      Call call, String bucket, Setting<T> setting, @org.jspecify.annotations.Nullable T value) {
    if (value == null) {
      throw AwsException.client("MissingRequestBodyError", "Request Body is empty");
    }
    return change(call, bucket, (tx, b) -> setting.put(tx, b.name(), value));
  }

  private Structure.Empty delete(Call call, String bucket, Setting<?> setting) {
    return change(call, bucket, (tx, b) -> setting.delete(tx, b.name()));
  }

  GetBucketVersioningOutput versioning(Call call, GetBucketVersioningRequest in) {
    Bucket b = store.read(tx -> buckets.require(tx, call, in.bucket()));
    return new GetBucketVersioningOutput(b.versioning(), null);
  }

  Structure.Empty putVersioning(Call call, PutBucketVersioningRequest in) {
    String status = in.versioningConfiguration().status();
    if (status == null) {
      throw AwsException.client(
          "IllegalVersioningConfigurationException", "The Versioning element must be specified");
    }
    if ("Enabled".equals(in.versioningConfiguration().mfaDelete())) {
      throw AwsException.client("NotImplemented", "Freeway has no MFA delete");
    }
    return change(
        call,
        in.bucket(),
        (tx, b) -> {
          if (b.objectLock() && status.equals("Suspended")) {
            throw AwsException.of(
                "InvalidBucketState",
                409,
                "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
          }
          if (status.equals("Suspended") && BucketSettings.REPLICATION.exists(tx, b.name())) {
            throw AwsException.of(
                "InvalidBucketState",
                409,
                "A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.");
          }
          buckets.save(tx, b.withVersioning(status));
        });
  }

  GetBucketCorsOutput cors(Call call, GetBucketCorsRequest in) {
    return new GetBucketCorsOutput(get(call, in.bucket(), BucketSettings.CORS).corsRules());
  }

  Structure.Empty putCors(Call call, PutBucketCorsRequest in) {
    List<CORSRule> rules = in.corsConfiguration().corsRules();
    if (rules == null || rules.isEmpty()) {
      throw S3Error.malformedXml();
    }
    for (CORSRule r : rules) {
      for (String method : r.allowedMethods()) {
        if (!List.of("GET", "PUT", "POST", "DELETE", "HEAD").contains(method)) {
          throw S3Error.invalidRequest(
              "Found unsupported HTTP method in CORS config. Unsupported method is " + method);
        }
      }
    }
    return put(call, in.bucket(), BucketSettings.CORS, in.corsConfiguration());
  }

  Structure.Empty deleteCors(Call call, DeleteBucketCorsRequest in) {
    return delete(call, in.bucket(), BucketSettings.CORS);
  }

  GetBucketLifecycleConfigurationOutput lifecycle(
      Call call, GetBucketLifecycleConfigurationRequest in) {
    var c = get(call, in.bucket(), BucketSettings.LIFECYCLE);
    return new GetBucketLifecycleConfigurationOutput(c.rules(), "all_storage_classes_128K");
  }

  PutBucketLifecycleConfigurationOutput putLifecycle(
      Call call, PutBucketLifecycleConfigurationRequest in) {
    var c = in.lifecycleConfiguration();
    if (c == null || c.rules() == null || c.rules().isEmpty() || c.rules().size() > MOST_RULES) {
      throw S3Error.malformedXml();
    }
    BucketLifecycleConfiguration stored =
        new BucketLifecycleConfiguration(c.rules().stream().map(LifecycleRules::checked).toList());
    if (stored.rules().stream().map(LifecycleRule::id).distinct().count() < stored.rules().size()) {
      throw AwsException.client(
          "InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule");
    }
    change(
        call,
        in.bucket(),
        (tx, b) -> {
          BucketSettings.LIFECYCLE.put(tx, b.name(), stored);
          flow.wake(tx, Lifecycle.KIND, b.name());
        });
    return new PutBucketLifecycleConfigurationOutput("all_storage_classes_128K");
  }

  Structure.Empty deleteLifecycle(Call call, DeleteBucketLifecycleRequest in) {
    return delete(call, in.bucket(), BucketSettings.LIFECYCLE);
  }

  GetBucketTaggingOutput tags(Call call, GetBucketTaggingRequest in) {
    return new GetBucketTaggingOutput(get(call, in.bucket(), BucketSettings.TAGS).tagSet());
  }

  Structure.Empty putTags(Call call, PutBucketTaggingRequest in) {
    Tags.check(in.tagging().tagSet(), Tags.MOST_OF_BUCKET);
    return put(call, in.bucket(), BucketSettings.TAGS, in.tagging());
  }

  Structure.Empty deleteTags(Call call, DeleteBucketTaggingRequest in) {
    return delete(call, in.bucket(), BucketSettings.TAGS);
  }

  GetBucketWebsiteOutput website(Call call, GetBucketWebsiteRequest in) {
    var w = get(call, in.bucket(), BucketSettings.WEBSITE);
    return new GetBucketWebsiteOutput(
        w.redirectAllRequestsTo(), w.indexDocument(), w.errorDocument(), w.routingRules());
  }

  Structure.Empty putWebsite(Call call, PutBucketWebsiteRequest in) {
    return put(
        call, in.bucket(), BucketSettings.WEBSITE, WebsiteRules.checked(in.websiteConfiguration()));
  }

  Structure.Empty deleteWebsite(Call call, DeleteBucketWebsiteRequest in) {
    return delete(call, in.bucket(), BucketSettings.WEBSITE);
  }

  GetBucketEncryptionOutput encryption(Call call, GetBucketEncryptionRequest in) {
    var standard =
        new ServerSideEncryptionConfiguration(
            List.of(
                ServerSideEncryptionRule.builder()
                    .applyServerSideEncryptionByDefault(
                        new ServerSideEncryptionByDefault("AES256", null))
                    .bucketKeyEnabled(false)
                    .build()));
    return new GetBucketEncryptionOutput(
        getOr(call, in.bucket(), BucketSettings.ENCRYPTION, standard));
  }

  Structure.Empty putEncryption(Call call, PutBucketEncryptionRequest in) {
    EncryptionRules.check(in.serverSideEncryptionConfiguration());
    return put(
        call, in.bucket(), BucketSettings.ENCRYPTION, in.serverSideEncryptionConfiguration());
  }

  Structure.Empty deleteEncryption(Call call, DeleteBucketEncryptionRequest in) {
    return delete(call, in.bucket(), BucketSettings.ENCRYPTION);
  }

  GetBucketLoggingOutput logging(Call call, GetBucketLoggingRequest in) {
    var none = new BucketLoggingStatus(null);
    return new GetBucketLoggingOutput(
        getOr(call, in.bucket(), BucketSettings.LOGGING, none).loggingEnabled());
  }

  Structure.Empty putLogging(Call call, PutBucketLoggingRequest in) {
    var to = in.bucketLoggingStatus().loggingEnabled();
    return change(
        call,
        in.bucket(),
        (tx, b) -> {
          if (to != null) {
            loggable(buckets.find(tx, to.targetBucket()), b);
          }
          BucketSettings.LOGGING.put(tx, b.name(), in.bucketLoggingStatus());
        });
  }

  private static void loggable(Optional<Bucket> target, Bucket from) {
    String problem =
        target.isEmpty()
            ? "The target bucket for logging does not exist"
            : !target.get().account().equals(from.account())
                ? "The owner for the bucket to be logged and the target bucket must be the same."
                : null;
    if (problem != null) {
      throw AwsException.client("InvalidTargetBucketForLogging", problem);
    }
  }

  NotificationConfiguration notification(Call call, GetBucketNotificationConfigurationRequest in) {
    return getOr(
        call,
        in.bucket(),
        BucketSettings.NOTIFICATION,
        NotificationConfiguration.builder().build());
  }

  Structure.Empty putNotification(Call call, PutBucketNotificationConfigurationRequest in) {
    NotificationConfiguration n =
        NotificationRules.checked(
            in.notificationConfiguration(),
            Boolean.TRUE.equals(in.skipDestinationValidation()),
            notices,
            store.read(tx -> buckets.require(tx, call, in.bucket())));
    String test = EventRecord.test(call, in.bucket());
    return change(
        call,
        in.bucket(),
        (tx, b) -> {
          BucketSettings.NOTIFICATION.put(tx, b.name(), n);
          NotificationRules.of(n).stream()
              // Functions get no test event.
              .filter(r -> !r.target().startsWith("arn:aws:lambda:"))
              .forEach(r -> notices.add(tx, b, r.target(), test));
        });
  }

  GetBucketAccelerateConfigurationOutput accelerate(
      Call call, GetBucketAccelerateConfigurationRequest in) {
    var a = getOr(call, in.bucket(), BucketSettings.ACCELERATE, new AccelerateConfiguration(null));
    return new GetBucketAccelerateConfigurationOutput(a.status(), null);
  }

  Structure.Empty putAccelerate(Call call, PutBucketAccelerateConfigurationRequest in) {
    return put(call, in.bucket(), BucketSettings.ACCELERATE, in.accelerateConfiguration());
  }

  GetBucketRequestPaymentOutput payment(Call call, GetBucketRequestPaymentRequest in) {
    var owner = new RequestPaymentConfiguration("BucketOwner");
    return new GetBucketRequestPaymentOutput(
        getOr(call, in.bucket(), BucketSettings.PAYMENT, owner).payer());
  }

  Structure.Empty putPayment(Call call, PutBucketRequestPaymentRequest in) {
    return put(call, in.bucket(), BucketSettings.PAYMENT, in.requestPaymentConfiguration());
  }

  GetBucketReplicationOutput replication(Call call, GetBucketReplicationRequest in) {
    return new GetBucketReplicationOutput(get(call, in.bucket(), BucketSettings.REPLICATION));
  }

  Structure.Empty putReplication(Call call, PutBucketReplicationRequest in) {
    return change(
        call,
        in.bucket(),
        (tx, b) ->
            BucketSettings.REPLICATION.put(
                tx,
                b.name(),
                ReplicationRules.checked(tx, b, buckets, in.replicationConfiguration())));
  }

  Structure.Empty deleteReplication(Call call, DeleteBucketReplicationRequest in) {
    return delete(call, in.bucket(), BucketSettings.REPLICATION);
  }

  GetObjectLockConfigurationOutput lock(Call call, GetObjectLockConfigurationRequest in) {
    return store.read(
        tx -> {
          Bucket b = buckets.require(tx, call, in.bucket());
          if (!b.objectLock()) {
            throw BucketSettings.OBJECT_LOCK.missing(b.name());
          }
          return new GetObjectLockConfigurationOutput(
              BucketSettings.OBJECT_LOCK
                  .find(tx, b.name())
                  .orElse(new ObjectLockConfiguration("Enabled", null)));
        });
  }

  PutObjectLockConfigurationOutput putLock(Call call, PutObjectLockConfigurationRequest in) {
    if (in.objectLockConfiguration() == null) {
      throw S3Error.malformedXml();
    }
    change(
        call,
        in.bucket(),
        (tx, b) -> {
          if (!b.objectLock() && !b.versioned()) {
            throw AwsException.of(
                "InvalidBucketState",
                409,
                "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
          }
          buckets.save(tx, b.withObjectLock());
          BucketSettings.OBJECT_LOCK.put(tx, b.name(), in.objectLockConfiguration());
        });
    return PutObjectLockConfigurationOutput.builder().build();
  }
}
