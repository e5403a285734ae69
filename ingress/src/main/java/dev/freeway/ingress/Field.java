package dev.freeway.ingress;

/// A header field of HTTP/2: the name in lower case, both in Latin-1.
record Field(String name, String value) {
  /// What an entry of a table costs besides its text.
  static final int OVERHEAD = 32;

  int size() {
    return name.length() + value.length() + OVERHEAD;
  }
}
