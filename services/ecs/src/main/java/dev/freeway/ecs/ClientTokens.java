package dev.freeway.ecs;

import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client token was answered with: a repeated request makes nothing new.
final class ClientTokens {
  private static final Table<Claim> TABLE = new Table<>("ecs_client_tokens", Claim.class);

  record Claim(List<String> ids, Instant at) {}

  /// Empty for a token not seen before, or none.
  List<String> claimed(ReadTx tx, Scope scope, String operation, @Nullable String token) {
    return token == null || token.isEmpty()
        ? List.of()
        : tx.get(TABLE, scope.key(operation, token)).map(Claim::ids).orElse(List.of());
  }

  void claim(
      Tx tx, Scope scope, String operation, @Nullable String token, List<String> ids, Instant at) {
    if (token != null && !token.isEmpty()) {
      tx.put(TABLE, scope.key(operation, token), new Claim(ids, at));
    }
  }
}
