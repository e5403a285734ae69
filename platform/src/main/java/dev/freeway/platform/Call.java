package dev.freeway.platform;

import java.time.Instant;

/// The context of one call: who, where, when. Handed down as a parameter, never kept.
///
/// @param endpoint the base URL the caller used (`http://localhost:4566`): answers that hold URLs
///   build on it
public record Call(
    Scope scope, Principal principal, String requestId, Instant at, String endpoint) {
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

  /// The same call made somewhere else.
  public Call in(Scope other) {
    return new Call(other, principal, requestId, at, endpoint);
  }

  public Call as(Principal other) {
    return new Call(scope, other, requestId, at, endpoint);
  }
}
