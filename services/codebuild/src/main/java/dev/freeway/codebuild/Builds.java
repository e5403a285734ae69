package dev.freeway.codebuild;

import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of builds, with indexes by age and of those that are not over.
final class Builds {
  private static final Table<StoredBuild> BUILDS =
      new Table<>("codebuild_builds", StoredBuild.class);
  private static final Table<Id> BY_PROJECT = new Table<>("codebuild_builds_by_project", Id.class);
  private static final Table<Id> BY_AGE = new Table<>("codebuild_builds_by_age", Id.class);
  private static final Table<Id> ACTIVE = new Table<>("codebuild_active", Id.class);
  private static final Table<Id> TOKENS = new Table<>("codebuild_tokens", Id.class);

  record Id(String id) {}

  /// A new build, with its place in the order of all.
  void add(Tx tx, StoredBuild b) {
    Id id = new Id(b.build().id());
    String number = Key.number(tx.next("codebuild_builds"));
    tx.put(BY_AGE, b.scope().key(number), id);
    tx.put(BY_PROJECT, b.scope().key(b.build().projectName(), number), id);
    save(tx, b);
  }

  void save(Tx tx, StoredBuild b) {
    tx.put(BUILDS, b.key(), b);
    if (b.over()) {
      tx.delete(ACTIVE, b.key());
    } else {
      tx.put(ACTIVE, b.key(), new Id(b.build().id()));
    }
  }

  Optional<StoredBuild> byKey(ReadTx tx, String key) {
    return tx.get(BUILDS, key);
  }

  /// By id or ARN.
  Optional<StoredBuild> find(ReadTx tx, Scope scope, String id) {
    return Keys.of(scope, Keys.id(id, "build/")).flatMap(key -> tx.get(BUILDS, key));
  }

  /// Keys of builds that are not over, of all accounts.
  List<String> active(ReadTx tx) {
    return tx.scan(ACTIVE, "").stream().map(Row::key).toList();
  }

  /// Whether the build of this key has begun and is not over.
  boolean running(ReadTx tx, String key) {
    return byKey(tx, key).map(b -> !b.over()).orElse(false);
  }

  /// Rows whose key sorts by age, oldest first.
  List<Row<Id>> ofProject(ReadTx tx, Scope scope, String project) {
    return tx.scan(BY_PROJECT, Key.prefix(scope.account(), scope.region(), project));
  }

  List<Row<Id>> all(ReadTx tx, Scope scope) {
    return tx.scan(BY_AGE, Key.prefix(scope.account(), scope.region()));
  }

  boolean delete(Tx tx, Scope scope, String id) {
    Optional<StoredBuild> found = find(tx, scope, id);
    if (found.isEmpty() || !found.get().over()) {
      return false;
    }
    tx.delete(BUILDS, found.get().key());
    for (Row<Id> row : all(tx, scope)) {
      if (row.value().id().equals(found.get().build().id())) {
        String[] parts = Key.parts(row.key());
        tx.delete(BY_AGE, row.key());
        tx.delete(
            BY_PROJECT, scope.key(found.get().build().projectName(), parts[parts.length - 1]));
      }
    }
    return true;
  }

  Optional<Id> byToken(ReadTx tx, Scope scope, String token) {
    return tx.get(TOKENS, Keys.token(scope, token));
  }

  void remember(Tx tx, Scope scope, String token, String id) {
    tx.put(TOKENS, scope.key(token), new Id(id));
  }
}
