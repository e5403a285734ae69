package dev.freeway.sessions;

/// Kinds of payloads.
final class Payload {
  /// What is typed, or shown.
  static final int DATA = 1;

  /// `{"cols": 80, "rows": 24}`.
  static final int SIZE = 3;

  static final int HANDSHAKE_REQUEST = 5;
  static final int HANDSHAKE_RESPONSE = 6;
  static final int HANDSHAKE_COMPLETE = 7;

  /// A number of four bytes; 2 asks for the end of the session.
  static final int FLAG = 10;

  static final int TERMINATE = 2;

  private Payload() {}
}
