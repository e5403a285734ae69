package dev.freeway.codebuild;

import dev.freeway.codebuild.api.CommandExecution;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Storage of sandboxes and of the commands that run in them.
final class Sandboxes {
  private static final Table<StoredSandbox> SANDBOXES =
      new Table<>("codebuild_sandboxes", StoredSandbox.class);
  private static final Table<CommandExecution> COMMANDS =
      new Table<>("codebuild_commands", CommandExecution.class);
  private static final Table<Builds.Id> TOKENS =
      new Table<>("codebuild_sandbox_tokens", Builds.Id.class);

  void save(Tx tx, StoredSandbox s) {
    tx.put(SANDBOXES, s.key(), s);
  }

  Optional<StoredSandbox> byKey(ReadTx tx, String key) {
    return tx.get(SANDBOXES, key);
  }

  /// By id or ARN.
  Optional<StoredSandbox> find(ReadTx tx, Scope scope, String id) {
    return Keys.of(scope, Keys.id(id, "sandbox/")).flatMap(key -> tx.get(SANDBOXES, key));
  }

  /// Oldest first.
  List<StoredSandbox> all(ReadTx tx, Scope scope) {
    return tx.scan(SANDBOXES, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .sorted(Comparator.comparing(s -> s.sandbox().requestTime()))
        .toList();
  }

  /// Of all accounts.
  List<StoredSandbox> active(ReadTx tx) {
    return tx.scan(SANDBOXES, "").stream().map(Row::value).filter(s -> !s.over()).toList();
  }

  void save(Tx tx, StoredSandbox s, CommandExecution c) {
    tx.put(COMMANDS, s.of().scope().key(s.sandbox().id(), c.id()), c);
  }

  Optional<CommandExecution> command(ReadTx tx, StoredSandbox s, String id) {
    return Keys.of(s.of().scope(), s.sandbox().id(), id).flatMap(key -> tx.get(COMMANDS, key));
  }

  /// Oldest first.
  List<CommandExecution> commands(ReadTx tx, StoredSandbox s) {
    Scope scope = s.of().scope();
    return tx.scan(COMMANDS, Key.prefix(scope.account(), scope.region(), s.sandbox().id())).stream()
        .map(Row::value)
        .sorted(Comparator.comparing(CommandExecution::submitTime))
        .toList();
  }

  Optional<Builds.Id> byToken(ReadTx tx, Scope scope, String token) {
    return tx.get(TOKENS, Keys.token(scope, token));
  }

  void remember(Tx tx, Scope scope, String token, String id) {
    tx.put(TOKENS, scope.key(token), new Builds.Id(id));
  }
}
