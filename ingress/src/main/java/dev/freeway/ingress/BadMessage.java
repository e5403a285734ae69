package dev.freeway.ingress;

import org.jspecify.annotations.Nullable;

/// A message that does not follow HTTP. `status` is what the client gets if it was a request; a
/// response of a target becomes 502.
final class BadMessage extends Exception {
  private static final long serialVersionUID = 1;

  final int status;

  /// What the access log calls it.
  final transient @Nullable Noncompliance kind;

  BadMessage(int status, String reason) {
    this(status, reason, null);
  }

  BadMessage(int status, String reason, @Nullable Noncompliance kind) {
    super(reason, null, false, false);
    this.status = status;
    this.kind = kind;
  }

  static BadMessage malformed(String reason) {
    return new BadMessage(400, reason);
  }
}
