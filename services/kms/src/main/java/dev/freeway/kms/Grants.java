package dev.freeway.kms;

import dev.freeway.kms.api.GrantConstraints;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Storage of grants, by key.
final class Grants {
  /// @param id 64 hexadecimal digits
  record Grant(
      String id,
      String token,
      String keyId,
      String keyArn,
      @Nullable String name,
      String grantee,
      @Nullable String retiring,
      String issuer,
      List<String> operations,
      @Nullable GrantConstraints constraints,
      Instant created) {}

  private static final Table<Grant> TABLE = new Table<>("kms_grants", Grant.class);

  void save(Tx tx, StoredKey key, Grant grant) {
    tx.put(TABLE, key.scope().key(key.id(), grant.id()), grant);
  }

  Optional<Grant> find(ReadTx tx, StoredKey key, String id) {
    return tx.get(TABLE, key.scope().key(key.id(), id));
  }

  boolean delete(Tx tx, StoredKey key, String id) {
    return tx.delete(TABLE, key.scope().key(key.id(), id));
  }

  void deleteOf(Tx tx, StoredKey key) {
    tx.deletePrefix(TABLE, key.scope().key(key.id(), ""));
  }

  List<Grant> of(ReadTx tx, StoredKey key) {
    return tx.scan(TABLE, key.scope().key(key.id(), "")).stream().map(Row::value).toList();
  }

  List<Grant> all(ReadTx tx, dev.freeway.platform.Scope scope) {
    return tx.scan(TABLE, scope.key("")).stream().map(Row::value).toList();
  }
}
