package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one way an object comes to be: row, defaults of the bucket and event in one transaction; if
/// that fails, its new blobs go.
final class ObjectWrite {
  private final Store store;
  private final Buckets buckets;
  private final Objects objects;
  private final Garbage garbage;
  private final ObjectEvents events;
  private final Replication replication;
  private final ObjectLock lock = new ObjectLock();

  /// The conditions of the write.
  record Guard(@Nullable String match, @Nullable String noneMatch) {
    static final Guard NONE = new Guard(null, null);
  }

  ObjectWrite(
      Store store,
      Buckets buckets,
      Objects objects,
      Garbage garbage,
      ObjectEvents events,
      Replication replication) {
    this.replication = replication;
    this.store = store;
    this.buckets = buckets;
    this.objects = objects;
    this.garbage = garbage;
    this.events = events;
  }

  void check(ReadTx tx, Bucket b, String key, @Nullable String match, @Nullable String noneMatch) {
    if (match != null || noneMatch != null) {
      Conditions.checkWrite(key, objects.latest(tx, b.name(), key), match, noneMatch);
    }
  }

  /// @param object whose blobs are new and belong to nothing else yet
  StoredObject store(Call call, String bucket, StoredObject object, Guard guard, String reason) {
    try {
      return store.write(
          tx -> {
            Bucket b = buckets.require(tx, call, bucket);
            check(tx, b, object.key(), guard.match(), guard.noneMatch());
            StoredObject stored = put(tx, call, b, object, reason);
            return stored;
          });
    } catch (RuntimeException e) {
      discard(object.segments());
      throw e;
    }
  }

  /// The same in a transaction that does more.
  StoredObject put(
      dev.freeway.store.Tx tx, Call call, Bucket b, StoredObject object, String reason) {
    StoredObject stored =
        replication.noted(tx, b, objects.put(tx, b, lock.withDefault(tx, b, object, call.at())));
    events.created(tx, call, b, stored, reason);
    return stored;
  }

  void discard(List<Segment> segments) {
    segments.forEach(s -> garbage.delete(s.blob()));
  }
}
