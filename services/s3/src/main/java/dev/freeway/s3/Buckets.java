package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of buckets, by name.
final class Buckets {
  private static final Table<Bucket> TABLE = new Table<>("s3_buckets", Bucket.class);

  Optional<Bucket> find(ReadTx tx, String name) {
    // A name from a request may hold what a key may not.
    return BucketName.isValid(name) ? tx.get(TABLE, name) : Optional.empty();
  }

  /// The bucket, if the caller may see it. Anonymous callers and services may: what a bucket's
  /// policy says to other accounts is the authorizer's to decide.
  Bucket require(ReadTx tx, Call call, String name) {
    Bucket b = find(tx, name).orElseThrow(() -> S3Error.noSuchBucket(name));
    boolean foreign = !b.account().equals(call.account());
    if (foreign && !call.principal().isAnonymous() && !BucketSettings.POLICY.exists(tx, name)) {
      throw S3Error.accessDenied();
    }
    return b;
  }

  boolean insert(Tx tx, Bucket bucket) {
    return tx.insertIfAbsent(TABLE, bucket.name(), bucket);
  }

  void save(Tx tx, Bucket bucket) {
    tx.put(TABLE, bucket.name(), bucket);
  }

  void delete(Tx tx, String name) {
    tx.delete(TABLE, name);
  }

  List<Bucket> of(ReadTx tx, String account) {
    return tx.scan(TABLE, "").stream()
        .map(Row::value)
        .filter(b -> b.account().equals(account))
        .toList();
  }
}
