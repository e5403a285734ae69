package dev.freeway.s3;

import static dev.freeway.s3.api.S3Api.*;

import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.s3.api.S3Api;
import dev.freeway.store.Blobs;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// S3: contents page. Object bytes are in blobs of its own, so that what no object holds can be
/// swept without asking other services.
public final class S3 implements Service {
  private final Garbage garbage;
  private final CreateBucket createBucket;
  private final BucketOperations bucketOperations;
  private final PutObject putObject;
  private final ReadObject readObject;
  private final HeadObject headObject;
  private final DeleteObjects deleteObjects;
  private final ListObjects listObjects;

  public S3(Platform platform) {
    Store store = platform.store();
    Blobs blobs = blobs(platform);
    garbage = new Garbage(blobs);
    Buckets buckets = new Buckets();
    Objects objects = new Objects(garbage);
    Uploads uploads = new Uploads(garbage);
    ObjectEvents events = new ObjectEvents(platform.events());
    ObjectWrite write = new ObjectWrite(store, buckets, objects, garbage, events);
    Ingest ingest = new Ingest(blobs);
    createBucket = new CreateBucket(store, buckets);
    bucketOperations = new BucketOperations(store, buckets, objects, uploads);
    putObject = new PutObject(store, buckets, ingest, write);
    readObject = new ReadObject(store, buckets, objects, blobs);
    headObject = new HeadObject(readObject);
    deleteObjects = new DeleteObjects(store, buckets, objects, events);
    listObjects = new ListObjects(store, buckets, objects);
  }

  private static Blobs blobs(Platform platform) {
    try {
      return Blobs.open(platform.settings().data().resolve("state").resolve("s3"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
  public void define(Operations on) {
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
    on.on(LIST_OBJECTS, listObjects::v1);
    on.on(LIST_OBJECTS_V2, listObjects::v2);
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
  }
}
