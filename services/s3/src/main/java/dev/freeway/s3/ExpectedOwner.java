package dev.freeway.s3;

import dev.freeway.platform.Handler;
import dev.freeway.platform.Operations;
import dev.freeway.s3.api.S3Api;
import dev.freeway.store.Store;
import dev.freeway.wire.Operation;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.OperationModel;
import java.util.Objects;
import java.util.Optional;

/// `x-amz-expected-bucket-owner`: checked before any operation that has it.
final class ExpectedOwner {
  private final Operations operations;
  private final Store store;
  private final Buckets buckets;

  ExpectedOwner(Operations operations, Store store, Buckets buckets) {
    this.operations = operations;
    this.store = store;
    this.buckets = buckets;
  }

  <I extends Structure, O extends Structure> void on(
      Operation<I, O> operation, Handler<I, O> handler) {
    OperationModel model =
        Objects.requireNonNull(S3Api.model().operation(operation.name()), operation::name);
    Optional<Member> owner = member(model, "ExpectedBucketOwner");
    Optional<Member> bucket = member(model, "Bucket");
    if (owner.isEmpty() || bucket.isEmpty()) {
      operations.on(operation, handler);
      return;
    }
    int ownerAt = owner.get().index();
    int bucketAt = bucket.get().index();
    operations.on(
        operation,
        (call, in) -> {
          Object expected = in.member(ownerAt);
          if (expected != null) {
            check(String.valueOf(in.member(bucketAt)), expected.toString());
          }
          return handler.handle(call, in);
        });
  }

  private static Optional<Member> member(OperationModel model, String name) {
    return model.input().members().stream().filter(m -> m.name().equals(name)).findFirst();
  }

  private void check(String bucket, String expected) {
    Optional<Bucket> found = store.read(tx -> buckets.find(tx, bucket));
    if (found.isPresent() && !found.get().account().equals(expected)) {
      throw S3Error.accessDenied();
    }
  }
}
