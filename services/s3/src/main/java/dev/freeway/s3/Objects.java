package dev.freeway.s3;

import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Storage of objects: the latest version of each key in one table, older ones in another, newest
/// first.
final class Objects {
  private static final Table<StoredObject> LATEST = new Table<>("s3_objects", StoredObject.class);
  private static final Table<StoredObject> OLDER = new Table<>("s3_versions", StoredObject.class);
  private static final String SEQUENCE = "s3_versions";

  private final Garbage garbage;

  Objects(Garbage garbage) {
    this.garbage = garbage;
  }

  /// The latest version, which may be a delete marker.
  Optional<StoredObject> latest(ReadTx tx, String bucket, String key) {
    return tx.get(LATEST, key(bucket, key));
  }

  /// One version, or the latest where `version` is null.
  Optional<StoredObject> find(ReadTx tx, String bucket, String key, @Nullable String version) {
    Optional<StoredObject> latest = latest(tx, bucket, key);
    if (version == null || latest.isPresent() && latest.get().versionId().equals(version)) {
      return latest;
    }
    return older(tx, bucket, key).stream().filter(o -> o.versionId().equals(version)).findFirst();
  }

  List<StoredObject> older(ReadTx tx, String bucket, String key) {
    return tx.scan(OLDER, Key.prefix(bucket, key)).stream().map(Row::value).toList();
  }

  /// Makes `object` the latest version of its key, by the rules of the bucket's versioning.
  StoredObject put(Tx tx, Bucket bucket, StoredObject object) {
    Optional<StoredObject> before = latest(tx, bucket.name(), object.key());
    if (!bucket.everVersioned()) {
      before.ifPresent(o -> garbage.drop(tx, o.segments()));
      return store(tx, bucket, object.as(StoredObject.NULL_VERSION, 0));
    }
    if (bucket.versioned()) {
      before.ifPresent(o -> retire(tx, bucket, o));
      return store(tx, bucket, object.as(VersionIds.next(), tx.next(SEQUENCE)));
    }
    before.filter(o -> !o.isNullVersion()).ifPresent(o -> retire(tx, bucket, o));
    before.filter(StoredObject::isNullVersion).ifPresent(o -> garbage.drop(tx, o.segments()));
    older(tx, bucket.name(), object.key()).stream()
        .filter(StoredObject::isNullVersion)
        .forEach(o -> erase(tx, bucket, o));
    return store(tx, bucket, object.as(StoredObject.NULL_VERSION, tx.next(SEQUENCE)));
  }

  /// The same version of the same object in another bucket, which has versions: a replica.
  StoredObject putReplica(Tx tx, Bucket bucket, StoredObject object) {
    latest(tx, bucket.name(), object.key()).ifPresent(o -> retire(tx, bucket, o));
    return store(tx, bucket, object.as(object.versionId(), tx.next(SEQUENCE)));
  }

  /// Replaces a version by itself with other tags or lock.
  void update(Tx tx, Bucket bucket, StoredObject object) {
    boolean isLatest =
        latest(tx, bucket.name(), object.key())
            .filter(o -> o.versionId().equals(object.versionId()))
            .isPresent();
    if (isLatest) {
      store(tx, bucket, object);
    } else {
      tx.put(OLDER, olderKey(bucket.name(), object), object);
    }
  }

  /// Deletes this version for good; the next older one becomes the latest.
  void remove(Tx tx, Bucket bucket, StoredObject object) {
    garbage.drop(tx, object.segments());
    boolean wasLatest =
        latest(tx, bucket.name(), object.key())
            .filter(o -> o.versionId().equals(object.versionId()))
            .isPresent();
    if (!wasLatest) {
      tx.delete(OLDER, olderKey(bucket.name(), object));
      return;
    }
    tx.delete(LATEST, key(bucket.name(), object.key()));
    List<StoredObject> rest = older(tx, bucket.name(), object.key());
    if (!rest.isEmpty()) {
      tx.delete(OLDER, olderKey(bucket.name(), rest.getFirst()));
      store(tx, bucket, rest.getFirst());
    }
  }

  boolean isEmpty(ReadTx tx, String bucket) {
    return tx.scan(LATEST, Key.prefix(bucket), "", 1).isEmpty();
  }

  /// Latest versions after a key, delete markers among them.
  ///
  /// @param after empty to start with the first
  List<StoredObject> scan(ReadTx tx, String bucket, String prefix, String after, int limit) {
    String base = Key.prefix(bucket);
    String from = after.isEmpty() ? "" : base + after;
    return tx.scan(LATEST, base + prefix, from, limit).stream().map(Row::value).toList();
  }

  /// Everything stored, in pages: for the sweep and the lifecycle.
  static List<Row<StoredObject>> page(ReadTx tx, boolean latest, String after, int limit) {
    return tx.scan(latest ? LATEST : OLDER, "", after, limit);
  }

  private void retire(Tx tx, Bucket bucket, StoredObject object) {
    tx.put(OLDER, olderKey(bucket.name(), object), object);
  }

  private void erase(Tx tx, Bucket bucket, StoredObject object) {
    garbage.drop(tx, object.segments());
    tx.delete(OLDER, olderKey(bucket.name(), object));
  }

  private StoredObject store(Tx tx, Bucket bucket, StoredObject object) {
    tx.put(LATEST, key(bucket.name(), object.key()), object);
    return object;
  }

  private static String key(String bucket, String key) {
    return Key.of(bucket, key);
  }

  private static String olderKey(String bucket, StoredObject o) {
    return Key.of(bucket, o.key(), Key.number(Long.MAX_VALUE - o.sequence()));
  }
}
