package dev.freeway.kms;

import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Storage of aliases.
final class Aliases {
  /// @param name with `alias/`
  record Alias(String name, String keyId, Instant created, Instant updated) {}

  private static final Table<Alias> TABLE = new Table<>("kms_aliases", Alias.class);

  Optional<Alias> find(ReadTx tx, Scope scope, String name) {
    // A name from a request may hold what a key may not.
    return name.chars().anyMatch(c -> c < ' ') ? Optional.empty() : tx.get(TABLE, scope.key(name));
  }

  void save(Tx tx, Scope scope, Alias alias) {
    tx.put(TABLE, scope.key(alias.name()), alias);
  }

  boolean delete(Tx tx, Scope scope, String name) {
    return tx.delete(TABLE, scope.key(name));
  }

  void deleteOf(Tx tx, StoredKey key) {
    all(tx, key.scope()).stream()
        .filter(a -> a.keyId().equals(key.id()))
        .forEach(a -> delete(tx, key.scope(), a.name()));
  }

  List<Alias> all(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, scope.key("")).stream().map(Row::value).toList();
  }
}
