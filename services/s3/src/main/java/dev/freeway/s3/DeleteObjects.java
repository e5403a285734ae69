package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.s3.api.DeleteObjectOutput;
import dev.freeway.s3.api.DeleteObjectRequest;
import dev.freeway.s3.api.DeleteObjectsOutput;
import dev.freeway.s3.api.DeleteObjectsRequest;
import dev.freeway.s3.api.DeletedObject;
import dev.freeway.s3.api.Error;
import dev.freeway.s3.api.ObjectIdentifier;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Deletes one object or up to a thousand. What is not there is deleted as well.
final class DeleteObjects {
  private static final int MOST = 1000;

  private final Store store;
  private final Buckets buckets;
  private final Objects objects;
  private final ObjectEvents events;
  private final Replication replication;

  DeleteObjects(
      Store store, Buckets buckets, Objects objects, ObjectEvents events, Replication replication) {
    this.replication = replication;
    this.store = store;
    this.buckets = buckets;
    this.objects = objects;
    this.events = events;
  }

  /// What became of a deletion.
  ///
  /// @param marker the new delete marker, or the one that was deleted
  record Outcome(@Nullable String versionId, boolean marker, boolean markerMade) {
    static final Outcome PLAIN = new Outcome(null, false, false);
  }

  DeleteObjectOutput one(Call call, DeleteObjectRequest in) {
    boolean bypass = Boolean.TRUE.equals(in.bypassGovernanceRetention());
    Outcome outcome =
        store.write(
            tx -> {
              Bucket b = buckets.require(tx, call, in.bucket());
              if (!ObjectKey.isPossible(in.key())) {
                return Outcome.PLAIN;
              }
              checkMatch(tx, b, in);
              return delete(tx, call, b, in.key(), in.versionId(), bypass, "DeleteObject");
            });
    return DeleteObjectOutput.builder()
        .versionId(outcome.versionId)
        .deleteMarker(outcome.marker ? true : null)
        .build();
  }

  private void checkMatch(Tx tx, Bucket b, DeleteObjectRequest in) {
    if (in.ifMatch() != null) {
      Conditions.checkWrite(
          in.key(), objects.find(tx, b.name(), in.key(), in.versionId()), in.ifMatch(), null);
    }
  }

  DeleteObjectsOutput many(Call call, DeleteObjectsRequest in) {
    List<ObjectIdentifier> named = in.delete().objects();
    if (named == null || named.isEmpty() || named.size() > MOST) {
      throw S3Error.malformedXml();
    }
    boolean bypass = Boolean.TRUE.equals(in.bypassGovernanceRetention());
    List<DeletedObject> deleted = new ArrayList<>();
    List<Error> errors = new ArrayList<>();
    store.update(
        tx -> {
          Bucket b = buckets.require(tx, call, in.bucket());
          for (ObjectIdentifier o : named) {
            if (o.key() == null || o.key().isEmpty()) {
              throw S3Error.malformedXml();
            }
            try {
              deleted.add(view(o, deleteNamed(tx, call, b, o, bypass)));
            } catch (AwsException e) {
              errors.add(new Error(o.key(), o.versionId(), e.code(), e.message()));
            }
          }
        });
    boolean quiet = Boolean.TRUE.equals(in.delete().quiet());
    return DeleteObjectsOutput.builder().deleted(quiet ? null : deleted).errors(errors).build();
  }

  private Outcome deleteNamed(Tx tx, Call call, Bucket b, ObjectIdentifier o, boolean bypass) {
    if (!ObjectKey.isPossible(o.key())) {
      return Outcome.PLAIN;
    }
    if (o.eTag() != null) {
      Conditions.checkWrite(
          o.key(), objects.find(tx, b.name(), o.key(), o.versionId()), o.eTag(), null);
    }
    return delete(tx, call, b, o.key(), o.versionId(), bypass, "DeleteObject");
  }

  private static DeletedObject view(ObjectIdentifier asked, Outcome outcome) {
    return DeletedObject.builder()
        .key(asked.key())
        .versionId(asked.versionId())
        .deleteMarker(outcome.marker ? true : null)
        .deleteMarkerVersionId(outcome.marker ? outcome.versionId : null)
        .build();
  }

  /// In the caller's transaction; the lifecycle deletes by it as well.
  Outcome delete(
      Tx tx,
      Call call,
      Bucket b,
      String key,
      @Nullable String version,
      boolean bypass,
      String reason) {
    if (version != null) {
      return deleteVersion(tx, call, b, key, version, bypass, reason);
    }
    if (!b.everVersioned()) {
      objects
          .latest(tx, b.name(), key)
          .ifPresent(
              o -> {
                objects.remove(tx, b, o);
                events.deleted(tx, call, b, o, reason);
              });
      return Outcome.PLAIN;
    }
    StoredObject marker =
        replication.noted(
            tx,
            b,
            objects.put(tx, b, StoredObject.marker(key, StoredObject.NULL_VERSION, 0, call.at())));
    events.deleted(tx, call, b, marker, reason);
    return new Outcome(marker.versionId(), true, true);
  }

  private Outcome deleteVersion(
      Tx tx, Call call, Bucket b, String key, String version, boolean bypass, String reason) {
    Optional<StoredObject> found = objects.find(tx, b.name(), key, version);
    if (found.isEmpty()) {
      return new Outcome(version, false, false);
    }
    StoredObject o = found.get();
    if (o.lock().forbidsDeletion(call.at(), bypass)) {
      throw AwsException.of(
          "AccessDenied", 403, "Access Denied because object protected by object lock.");
    }
    objects.remove(tx, b, o);
    if (!o.deleteMarker()) {
      events.deleted(tx, call, b, o, reason);
    }
    return new Outcome(o.versionId(), o.deleteMarker(), false);
  }
}
