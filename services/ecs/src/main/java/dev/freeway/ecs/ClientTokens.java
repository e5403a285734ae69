package dev.freeway.ecs;

import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client token was answered with: a repeated request makes nothing new.
final class ClientTokens {
  private static final Table<Claim> TABLE = new Table<>("ecs_client_tokens", Claim.class);

  /// @param request digest of what was asked; null where a repetition may differ
  record Claim(List<String> ids, Instant at, @Nullable String request) {}

  /// Empty for a token not seen before, or none.
  List<String> claimed(ReadTx tx, Scope scope, String operation, @Nullable String token) {
    return token == null || token.isEmpty()
        ? List.of()
        : tx.get(TABLE, scope.key(operation, token)).map(Claim::ids).orElse(List.of());
  }

  /// Whether the token was claimed by just this request.
  boolean same(ReadTx tx, Scope scope, String operation, @Nullable String token, Record request) {
    return token == null
        || tx.get(TABLE, scope.key(operation, token))
            .map(c -> c.request() == null || c.request().equals(digest(request)))
            .orElse(true);
  }

  void claim(
      Tx tx, Scope scope, String operation, @Nullable String token, List<String> ids, Instant at) {
    claim(tx, scope, operation, token, new Claim(ids, at, null));
  }

  void claim(
      Tx tx,
      Scope scope,
      String operation,
      @Nullable String token,
      List<String> ids,
      Instant at,
      Record request) {
    claim(tx, scope, operation, token, new Claim(ids, at, digest(request)));
  }

  private void claim(Tx tx, Scope scope, String operation, @Nullable String token, Claim claim) {
    if (token != null && !token.isEmpty()) {
      tx.put(TABLE, scope.key(operation, token), claim);
    }
  }

  private static String digest(Record request) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(request.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
