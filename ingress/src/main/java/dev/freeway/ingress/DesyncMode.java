package dev.freeway.ingress;

import org.jspecify.annotations.Nullable;

/// `routing.http.desync_mitigation_mode`: what becomes of requests that others could read
/// differently.
public enum DesyncMode {
  /// All pass that can be passed on.
  MONITOR,

  /// Connections are not used again after an ambiguous request.
  DEFENSIVE,

  /// Only what follows the rules passes.
  STRICTEST;

  boolean refuses(@Nullable Noncompliance found) {
    return this == STRICTEST && found != null;
  }

  boolean endsConnections(@Nullable Noncompliance found) {
    return this == DEFENSIVE && found != null && found.level() == Noncompliance.Level.AMBIGUOUS;
  }
}
