package dev.freeway.platform;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The context of one call: who, where, when. Handed down as a parameter, never kept.
///
/// @param peer where the request came from; null where a service calls on its own
/// @param endpoint the base URL the caller used (`http://localhost:4566`): answers that hold URLs
///   build on it
public record Call(
    Scope scope,
    Principal principal,
    String requestId,
    Instant at,
    String endpoint,
    @Nullable Peer peer) {
  public Call(Scope scope, Principal principal, String requestId, Instant at, String endpoint) {
    this(scope, principal, requestId, at, endpoint, null);
  }

  public String account() {
    return scope.account();
  }

  public String region() {
    return scope.region();
  }

  public String key(String... parts) {
    return scope.key(parts);
  }

  public Arn arn(String service, String resource) {
    return scope.arn(service, resource);
  }

  public Call from(Peer other) {
    return new Call(scope, principal, requestId, at, endpoint, other);
  }

  /// The same call made somewhere else.
  public Call in(Scope other) {
    return new Call(other, principal, requestId, at, endpoint, peer);
  }

  public Call as(Principal other) {
    return new Call(scope, other, requestId, at, endpoint, peer);
  }
}
