package dev.freeway.ingress;

/// A message that does not follow HTTP. `status` is what the client gets if it was a request; a
/// response of a target becomes 502.
final class BadMessage extends Exception {
  private static final long serialVersionUID = 1;

  final int status;

  BadMessage(int status, String reason) {
    super(reason, null, false, false);
    this.status = status;
  }

  static BadMessage malformed(String reason) {
    return new BadMessage(400, reason);
  }
}
