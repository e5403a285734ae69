package dev.freeway.ecr;

import dev.freeway.ecr.api.EcrErrors;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of repositories.
final class Repositories {
  private static final Table<StoredRepository> TABLE =
      new Table<>("ecr_repositories", StoredRepository.class);

  Optional<StoredRepository> find(ReadTx tx, Scope scope, String name) {
    return tx.get(TABLE, scope.key(name));
  }

  StoredRepository require(ReadTx tx, Scope scope, String name) {
    return find(tx, scope, name).orElseThrow(() -> notFound(scope, name));
  }

  static dev.freeway.wire.AwsException notFound(Scope scope, String name) {
    return EcrErrors.repositoryNotFoundException(
        "The repository with name '%s' does not exist in the registry with id '%s'"
            .formatted(name, scope.account()));
  }

  List<StoredRepository> all(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  void save(Tx tx, StoredRepository repository) {
    tx.put(TABLE, repository.scope().key(repository.name()), repository);
  }

  void delete(Tx tx, StoredRepository repository) {
    tx.delete(TABLE, repository.scope().key(repository.name()));
  }
}
