package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of repositories, by account, region and name.
final class Repositories {
  private static final Table<Repository> TABLE =
      new Table<>("codecommit_repositories", Repository.class);

  Optional<Repository> find(ReadTx tx, Scope scope, String name) {
    return tx.get(TABLE, scope.key(name));
  }

  Repository require(ReadTx tx, Call call, String name) {
    return find(tx, call.scope(), name).orElseThrow(() -> missing(name));
  }

  static dev.freeway.wire.AwsException missing(String name) {
    return CodecommitErrors.repositoryDoesNotExistException(name + " does not exist");
  }

  /// Those with this name in any region of the account, the default region's first.
  List<Repository> inAnyRegion(ReadTx tx, String account, String name) {
    return tx.scan(TABLE, Key.prefix(account)).stream()
        .map(Row::value)
        .filter(r -> r.name().equals(name))
        .sorted(
            java.util.Comparator.comparing(
                r -> r.region().equals(Scope.DEFAULT_REGION) ? "" : r.region()))
        .toList();
  }

  /// Null when it has been deleted.
  Optional<Repository> byId(ReadTx tx, Scope scope, String id) {
    return in(tx, scope).stream().filter(r -> r.id().equals(id)).findFirst();
  }

  List<Repository> in(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  List<Repository> all(ReadTx tx) {
    return tx.scan(TABLE, "").stream().map(Row::value).toList();
  }

  boolean insert(Tx tx, Repository r) {
    return tx.insertIfAbsent(TABLE, r.scope().key(r.name()), r);
  }

  void save(Tx tx, Repository r) {
    tx.put(TABLE, r.scope().key(r.name()), r);
  }

  void delete(Tx tx, Repository r) {
    tx.delete(TABLE, r.scope().key(r.name()));
  }
}
