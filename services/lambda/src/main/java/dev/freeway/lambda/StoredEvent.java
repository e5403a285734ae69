package dev.freeway.lambda;

import dev.freeway.platform.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event that was accepted and has not come to its end.
///
/// @param qualifier the function was called with, or null
/// @param attempts that reached the function
/// @param outcome set when the function is done with it, and what follows is still to be told
record StoredEvent(
    String account,
    String region,
    String function,
    @Nullable String qualifier,
    String requestId,
    byte[] payload,
    @Nullable String clientContext,
    Instant accepted,
    int attempts,
    int throttles,
    Instant notBefore,
    @Nullable Outcome outcome) {

  /// @param condition `Success`, `RetriesExhausted` or `EventAgeExceeded`
  /// @param response what the function answered at last; null if it never did
  record Outcome(
      String condition,
      byte @Nullable [] response,
      @Nullable String functionError,
      @Nullable String version) {
    boolean success() {
      return condition.equals("Success");
    }
  }

  FunctionRef ref() {
    return new FunctionRef(new Scope(account, region), function, qualifier);
  }

  StoredEvent tried(int times, int throttled, Instant next) {
    return new StoredEvent(
        account,
        region,
        function,
        qualifier,
        requestId,
        payload,
        clientContext,
        accepted,
        times,
        throttled,
        next,
        outcome);
  }

  StoredEvent over(int times, Outcome how) {
    return new StoredEvent(
        account,
        region,
        function,
        qualifier,
        requestId,
        payload,
        clientContext,
        accepted,
        times,
        throttles,
        notBefore,
        how);
  }
}
