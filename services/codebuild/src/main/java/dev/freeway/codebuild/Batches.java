package dev.freeway.codebuild;

import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of batches, with an index by age.
final class Batches {
  private static final Table<StoredBatch> BATCHES =
      new Table<>("codebuild_batches", StoredBatch.class);
  private static final Table<Builds.Id> BY_AGE =
      new Table<>("codebuild_batches_by_age", Builds.Id.class);
  private static final Table<Builds.Id> TOKENS =
      new Table<>("codebuild_batch_tokens", Builds.Id.class);

  void add(Tx tx, StoredBatch b) {
    tx.put(
        BY_AGE,
        b.scope().key(Key.number(tx.next("codebuild_batches"))),
        new Builds.Id(b.batch().id()));
    save(tx, b);
  }

  void save(Tx tx, StoredBatch b) {
    tx.put(BATCHES, b.key(), b);
  }

  Optional<StoredBatch> byKey(ReadTx tx, String key) {
    return tx.get(BATCHES, key);
  }

  /// By id or ARN.
  Optional<StoredBatch> find(ReadTx tx, Scope scope, String id) {
    return Keys.of(scope, Keys.id(id, "build-batch/")).flatMap(key -> tx.get(BATCHES, key));
  }

  /// Oldest first.
  List<StoredBatch> all(ReadTx tx, Scope scope) {
    return tx.scan(BY_AGE, Key.prefix(scope.account(), scope.region())).stream()
        .flatMap(r -> find(tx, scope, r.value().id()).stream())
        .toList();
  }

  /// Of all accounts.
  List<StoredBatch> active(ReadTx tx) {
    return tx.scan(BATCHES, "").stream().map(Row::value).filter(b -> !b.over()).toList();
  }

  void delete(Tx tx, StoredBatch b) {
    tx.delete(BATCHES, b.key());
    for (Row<Builds.Id> row :
        tx.scan(BY_AGE, Key.prefix(b.scope().account(), b.scope().region()))) {
      if (row.value().id().equals(b.batch().id())) {
        tx.delete(BY_AGE, row.key());
      }
    }
  }

  Optional<Builds.Id> byToken(ReadTx tx, Scope scope, String token) {
    return tx.get(TOKENS, Keys.token(scope, token));
  }

  void remember(Tx tx, Scope scope, String token, String id) {
    tx.put(TOKENS, scope.key(token), new Builds.Id(id));
  }
}
