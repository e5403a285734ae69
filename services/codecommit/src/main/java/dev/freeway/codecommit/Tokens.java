package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Client request tokens: the same request twice makes one thing.
final class Tokens {
  private static final Table<Used> TABLE = new Table<>("codecommit_tokens", Used.class);

  /// @param request a hash of what was asked for
  /// @param made the id of what it made
  record Used(String request, String made) {}

  /// The id of what this token has made before.
  ///
  /// @param request all that was asked for, as text
  Optional<String> made(ReadTx tx, Call call, String kind, @Nullable String token, String request) {
    if (token == null) {
      return Optional.empty();
    }
    if (token.isEmpty() || token.length() > 64 || token.chars().anyMatch(c -> c < ' ')) {
      throw CodecommitErrors.invalidClientRequestTokenException(
          "The client request token is not valid.");
    }
    Optional<Used> used = tx.get(TABLE, call.key(kind, token));
    if (used.isPresent() && !used.get().request().equals(Rule.sha256(request))) {
      throw CodecommitErrors.idempotencyParameterMismatchException(
          "The client request token is not valid. Either the token is not in a valid format, or the token has been used in a previous request and cannot be reused.");
    }
    return used.map(Used::made);
  }

  void keep(Tx tx, Call call, String kind, @Nullable String token, String request, String made) {
    if (token != null) {
      tx.put(TABLE, call.key(kind, token), new Used(Rule.sha256(request), made));
    }
  }
}
