package dev.freeway.lambda;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One event for a function.
///
/// @param clientContext JSON, or null
/// @param arn as the function was called
record Invocation(
    String requestId,
    byte[] payload,
    @Nullable String clientContext,
    String arn,
    CompletableFuture<Ended> ended) {

  static Invocation of(
      String requestId, byte[] payload, @Nullable String clientContext, String arn) {
    return new Invocation(requestId, payload, clientContext, arn, new CompletableFuture<>());
  }
}
