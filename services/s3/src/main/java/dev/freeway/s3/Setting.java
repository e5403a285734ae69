package dev.freeway.s3;

import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.Optional;

/// One of a bucket's configurations, stored as it was put.
///
/// @param code the error when there is none
record Setting<T>(Table<T> table, String code, String message) {
  static <T> Setting<T> of(String name, Class<T> type, String code, String message) {
    return new Setting<>(new Table<>("s3_bucket_" + name, type), code, message);
  }

  boolean exists(ReadTx tx, String bucket) {
    return tx.contains(table, bucket);
  }

  Optional<T> find(ReadTx tx, String bucket) {
    return tx.get(table, bucket);
  }

  T require(ReadTx tx, String bucket) {
    return find(tx, bucket).orElseThrow(() -> missing(bucket));
  }

  AwsException missing(String bucket) {
    return S3Error.notFound(code, message, bucket);
  }

  void put(Tx tx, String bucket, T value) {
    tx.put(table, bucket, value);
  }

  void delete(Tx tx, String bucket) {
    tx.delete(table, bucket);
  }
}
