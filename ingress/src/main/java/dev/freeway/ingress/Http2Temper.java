package dev.freeway.ingress;

/// Bears with a client that costs more than it brings: resets, pings, settings, empty frames. Each
/// is legal; a flood of them is an attack.
final class Http2Temper {
  static final int RESET = 20;
  static final int TRIFLE = 1;

  private static final int LIMIT = 4000;
  private static final long FORGIVEN_NANOS = 10_000_000_000L;

  private int spent;
  private long since;

  /// @param now in nanoseconds
  void strain(int cost, long now) throws Http2Failure {
    if (now - since > FORGIVEN_NANOS) {
      since = now;
      spent = 0;
    }
    spent += cost;
    if (spent > LIMIT) {
      throw Http2Failure.of(Http2Error.ENHANCE_YOUR_CALM, "too many frames that bring nothing");
    }
  }
}
