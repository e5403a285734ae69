package dev.freeway.lambda;

import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of event source mappings.
final class Mappings {
  private static final Table<StoredMapping> TABLE =
      new Table<>("lambda_mappings", StoredMapping.class);

  Optional<StoredMapping> find(ReadTx tx, String key) {
    return tx.get(TABLE, key);
  }

  StoredMapping get(ReadTx tx, Scope scope, String uuid) {
    return find(tx, scope.key(uuid))
        .orElseThrow(
            () ->
                LambdaErrors.resourceNotFoundException("The resource you requested does not exist.")
                    .with("Type", "User"));
  }

  void save(Tx tx, StoredMapping m) {
    tx.put(TABLE, m.key(), m);
  }

  void delete(Tx tx, String key) {
    tx.delete(TABLE, key);
  }

  List<StoredMapping> all(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  List<StoredMapping> everywhere(ReadTx tx) {
    return tx.scan(TABLE, "").stream().map(Row::value).toList();
  }
}
