package dev.freeway.s3;

import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of multipart uploads, by bucket, key and id, and of their parts, by upload and number.
final class Uploads {
  private static final Table<Upload> UPLOADS = new Table<>("s3_uploads", Upload.class);
  private static final Table<Upload.Part> PARTS = new Table<>("s3_parts", Upload.Part.class);

  private final Garbage garbage;

  Uploads(Garbage garbage) {
    this.garbage = garbage;
  }

  Upload require(ReadTx tx, String bucket, String key, String id) {
    Optional<Upload> found =
        ObjectKey.isPossible(key) && ObjectKey.isPossible(id)
            ? tx.get(UPLOADS, Key.of(bucket, key, id))
            : Optional.empty();
    return found.orElseThrow(() -> S3Error.noSuchUpload(id));
  }

  void save(Tx tx, String bucket, Upload upload) {
    tx.put(UPLOADS, Key.of(bucket, upload.key(), upload.id()), upload);
  }

  List<Upload> all(ReadTx tx, String bucket) {
    return tx.scan(UPLOADS, Key.prefix(bucket)).stream().map(Row::value).toList();
  }

  List<Upload.Part> parts(ReadTx tx, Upload upload) {
    return tx.scan(PARTS, Key.prefix(upload.id())).stream().map(Row::value).toList();
  }

  void putPart(Tx tx, Upload upload, Upload.Part part) {
    String key = Key.of(upload.id(), Key.number(part.number()));
    tx.get(PARTS, key).ifPresent(p -> garbage.drop(tx, List.of(p.segment())));
    tx.put(PARTS, key, part);
  }

  /// Ends the upload. The blobs of its parts belong to the caller then.
  void forget(Tx tx, String bucket, Upload upload) {
    tx.delete(UPLOADS, Key.of(bucket, upload.key(), upload.id()));
    tx.deletePrefix(PARTS, Key.prefix(upload.id()));
  }

  /// Ends the upload and deletes its parts.
  void abort(Tx tx, String bucket, Upload upload) {
    parts(tx, upload).forEach(p -> garbage.drop(tx, List.of(p.segment())));
    forget(tx, bucket, upload);
  }

  void deleteAll(Tx tx, String bucket) {
    all(tx, bucket).forEach(u -> abort(tx, bucket, u));
  }

  static List<Row<Upload.Part>> page(ReadTx tx, String after, int limit) {
    return tx.scan(PARTS, "", after, limit);
  }
}
