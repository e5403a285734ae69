package dev.freeway.s3;

import static dev.freeway.s3.api.S3Api.*;

import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.s3.api.S3Api;
import dev.freeway.store.Blobs;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// S3: contents page. Object bytes are in blobs of its own, so that what no object holds can be
/// swept without asking other services.
public final class S3 implements Service {
  private final Garbage garbage;
  private final CreateBucket createBucket;
  private final BucketOperations bucketOperations;
  private final PutObject putObject;
  private final ReadObject readObject;
  private final HeadObject headObject;
  private final Website website;
  private final DeleteObjects deleteObjects;
  private final ListObjects listObjects;
  private final ListObjectVersions listObjectVersions;
  private final CopyObject copyObject;
  private final MultipartUploads multipart;
  private final CompleteUpload completeUpload;
  private final ListUploads listUploads;
  private final ObjectProperties properties;
  private final BucketConfigurations configurations;
  private final BucketAccess access;
  private final Store store;
  private final Buckets buckets = new Buckets();
  private final Cors cors;
  private final Objects objects;
  private final Lifecycle lifecycle;
  private final Sweep sweep;
  private final Notices notices;
  private final Replication replication;

  public S3(Platform platform) {
    platform.tagged().add(new TaggedBuckets(buckets));
    store = platform.store();
    cors = new Cors(store, buckets);
    Blobs blobs = blobs(platform);
    garbage = new Garbage(blobs);
    objects = new Objects(garbage);
    Uploads uploads = new Uploads(garbage);
    notices = new Notices(platform);
    ObjectEvents events = new ObjectEvents(platform.events(), notices);
    replication = new Replication(platform, buckets, objects, garbage, events);
    ObjectWrite write = new ObjectWrite(store, buckets, objects, garbage, events, replication);
    Ingest ingest = new Ingest(blobs);
    createBucket = new CreateBucket(store, buckets);
    bucketOperations = new BucketOperations(store, buckets, objects, uploads);
    putObject = new PutObject(store, buckets, ingest, write);
    readObject = new ReadObject(store, buckets, objects, blobs);
    headObject = new HeadObject(readObject);
    website = new Website(platform, buckets, objects, readObject);
    deleteObjects = new DeleteObjects(store, buckets, objects, events, replication);
    listObjects = new ListObjects(store, buckets, objects);
    listObjectVersions = new ListObjectVersions(store, buckets, objects);
    multipart = new MultipartUploads(store, buckets, uploads, ingest, garbage);
    completeUpload = new CompleteUpload(store, buckets, uploads, write, garbage);
    listUploads = new ListUploads(store, buckets, uploads);
    copyObject =
        new CopyObject(store, buckets, objects, blobs, ingest, write, garbage, uploads, multipart);
    properties = new ObjectProperties(store, buckets, objects);
    configurations = new BucketConfigurations(store, buckets, platform.flow(), notices);
    access = new BucketAccess(store, buckets);
    lifecycle = new Lifecycle(platform, buckets, objects, uploads, deleteObjects);
    sweep = new Sweep(store, blobs);
  }

  private static Blobs blobs(Platform platform) {
    try {
      return Blobs.open(platform.settings().data().resolve("state").resolve("s3"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The bucket's, also for its objects.
  @Override
  public Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    String bucket = resource.resource().split("/", 2)[0];
    return BucketSettings.POLICY.find(tx, bucket).map(BucketSettings.Policy::text);
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return S3Api.model();
  }

  @Override
  public void define(Operations operations) {
    ExpectedOwner on = new ExpectedOwner(operations, store, buckets);
    on.on(CREATE_BUCKET, createBucket);
    on.on(DELETE_BUCKET, bucketOperations::delete);
    on.on(HEAD_BUCKET, bucketOperations::head);
    on.on(LIST_BUCKETS, bucketOperations::list);
    on.on(GET_BUCKET_LOCATION, bucketOperations::location);
    on.on(PUT_OBJECT, putObject);
    on.on(GET_OBJECT, readObject::get);
    on.on(HEAD_OBJECT, headObject);
    on.on(DELETE_OBJECT, deleteObjects::one);
    on.on(DELETE_OBJECTS, deleteObjects::many);
    on.on(COPY_OBJECT, copyObject::copy);
    on.on(LIST_OBJECTS, listObjects::v1);
    on.on(LIST_OBJECTS_V2, listObjects::v2);
    on.on(LIST_OBJECT_VERSIONS, listObjectVersions);
    on.on(CREATE_MULTIPART_UPLOAD, multipart::create);
    on.on(UPLOAD_PART, multipart::part);
    on.on(UPLOAD_PART_COPY, copyObject::part);
    on.on(ABORT_MULTIPART_UPLOAD, multipart::abort);
    on.on(COMPLETE_MULTIPART_UPLOAD, completeUpload);
    on.on(LIST_MULTIPART_UPLOADS, listUploads::uploads);
    on.on(LIST_PARTS, listUploads::parts);
    on.on(GET_OBJECT_TAGGING, properties::tags);
    on.on(PUT_OBJECT_TAGGING, properties::putTags);
    on.on(DELETE_OBJECT_TAGGING, properties::deleteTags);
    on.on(GET_OBJECT_ATTRIBUTES, properties::attributes);
    on.on(GET_OBJECT_RETENTION, properties::retention);
    on.on(PUT_OBJECT_RETENTION, properties::putRetention);
    on.on(GET_OBJECT_LEGAL_HOLD, properties::legalHold);
    on.on(PUT_OBJECT_LEGAL_HOLD, properties::putLegalHold);
    on.on(GET_OBJECT_ACL, (call, in) -> access.objectAcl(call, objects, in));
    defineConfigurations(on);
    defineAccess(on);
  }

  private void defineConfigurations(ExpectedOwner on) {
    on.on(GET_BUCKET_VERSIONING, configurations::versioning);
    on.on(PUT_BUCKET_VERSIONING, configurations::putVersioning);
    on.on(GET_BUCKET_CORS, configurations::cors);
    on.on(PUT_BUCKET_CORS, configurations::putCors);
    on.on(DELETE_BUCKET_CORS, configurations::deleteCors);
    on.on(GET_BUCKET_LIFECYCLE_CONFIGURATION, configurations::lifecycle);
    on.on(PUT_BUCKET_LIFECYCLE_CONFIGURATION, configurations::putLifecycle);
    on.on(DELETE_BUCKET_LIFECYCLE, configurations::deleteLifecycle);
    on.on(GET_BUCKET_TAGGING, configurations::tags);
    on.on(PUT_BUCKET_TAGGING, configurations::putTags);
    on.on(DELETE_BUCKET_TAGGING, configurations::deleteTags);
    on.on(GET_BUCKET_WEBSITE, configurations::website);
    on.on(PUT_BUCKET_WEBSITE, configurations::putWebsite);
    on.on(DELETE_BUCKET_WEBSITE, configurations::deleteWebsite);
    on.on(GET_BUCKET_ENCRYPTION, configurations::encryption);
    on.on(PUT_BUCKET_ENCRYPTION, configurations::putEncryption);
    on.on(DELETE_BUCKET_ENCRYPTION, configurations::deleteEncryption);
    on.on(GET_BUCKET_LOGGING, configurations::logging);
    on.on(PUT_BUCKET_LOGGING, configurations::putLogging);
    on.on(GET_BUCKET_NOTIFICATION_CONFIGURATION, configurations::notification);
    on.on(PUT_BUCKET_NOTIFICATION_CONFIGURATION, configurations::putNotification);
    on.on(GET_BUCKET_ACCELERATE_CONFIGURATION, configurations::accelerate);
    on.on(PUT_BUCKET_ACCELERATE_CONFIGURATION, configurations::putAccelerate);
    on.on(GET_BUCKET_REQUEST_PAYMENT, configurations::payment);
    on.on(PUT_BUCKET_REQUEST_PAYMENT, configurations::putPayment);
    on.on(GET_BUCKET_REPLICATION, configurations::replication);
    on.on(PUT_BUCKET_REPLICATION, configurations::putReplication);
    on.on(DELETE_BUCKET_REPLICATION, configurations::deleteReplication);
    on.on(GET_OBJECT_LOCK_CONFIGURATION, configurations::lock);
    on.on(PUT_OBJECT_LOCK_CONFIGURATION, configurations::putLock);
  }

  private void defineAccess(ExpectedOwner on) {
    on.on(GET_BUCKET_POLICY, access::policy);
    on.on(PUT_BUCKET_POLICY, access::putPolicy);
    on.on(DELETE_BUCKET_POLICY, access::deletePolicy);
    on.on(GET_BUCKET_POLICY_STATUS, access::policyStatus);
    on.on(GET_PUBLIC_ACCESS_BLOCK, access::publicAccess);
    on.on(PUT_PUBLIC_ACCESS_BLOCK, access::putPublicAccess);
    on.on(DELETE_PUBLIC_ACCESS_BLOCK, access::deletePublicAccess);
    on.on(GET_BUCKET_OWNERSHIP_CONTROLS, access::ownership);
    on.on(PUT_BUCKET_OWNERSHIP_CONTROLS, access::putOwnership);
    on.on(DELETE_BUCKET_OWNERSHIP_CONTROLS, access::deleteOwnership);
    on.on(GET_BUCKET_ACL, access::acl);
    on.on(PUT_BUCKET_ACL, access::putAcl);
  }

  @Override
  public List<Reconciler> reconcilers() {
    return List.of(lifecycle, notices, replication);
  }

  /// Buckets have CORS rules.
  @Override
  public boolean openToPages() {
    return true;
  }

  @Override
  public void answered(WireRequest request, WireResponse response) {
    cors.answered(request, response);
  }

  @Override
  public List<HttpRoute> routes() {
    return List.of(website, cors);
  }

  @Override
  public void start() {
    sweep.start();
  }

  @Override
  public WireRequest normalise(WireRequest request) {
    return ContentSha256.checked(HostStyle.normalise(request));
  }

  @Override
  public AwsException invalid(List<Violation> violations) {
    return Violations.error(violations);
  }

  @Override
  public void close() {
    garbage.close();
    sweep.stop();
  }
}
