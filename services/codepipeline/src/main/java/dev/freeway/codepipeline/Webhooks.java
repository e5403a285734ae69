package dev.freeway.codepipeline;

import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of webhooks, by name and by the token of their address.
final class Webhooks {
  private static final Table<Webhook> HOOKS = new Table<>("codepipeline_webhooks", Webhook.class);
  private static final Table<Place> TOKENS =
      new Table<>("codepipeline_webhook_tokens", Place.class);

  record Place(String key) {}

  Optional<Webhook> find(ReadTx tx, Scope scope, String name) {
    return tx.get(HOOKS, scope.key(name));
  }

  Optional<Webhook> byToken(ReadTx tx, String token) {
    return tx.get(TOKENS, Key.of(token)).flatMap(p -> tx.get(HOOKS, p.key()));
  }

  List<Webhook> all(ReadTx tx, Scope scope) {
    return tx.scan(HOOKS, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  void save(Tx tx, Webhook hook) {
    String key = hook.scope().key(hook.definition().name());
    tx.put(HOOKS, key, hook);
    tx.put(TOKENS, Key.of(hook.token()), new Place(key));
  }

  void delete(Tx tx, Webhook hook) {
    tx.delete(HOOKS, hook.scope().key(hook.definition().name()));
    tx.delete(TOKENS, Key.of(hook.token()));
  }
}
