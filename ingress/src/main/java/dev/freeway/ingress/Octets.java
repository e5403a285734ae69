package dev.freeway.ingress;

import java.nio.charset.StandardCharsets;

/// Questions about bytes of HTTP text.
final class Octets {
  private static final boolean[] TOKEN = new boolean[256];
  private static final boolean[] VALUE = new boolean[256];

  static {
    for (int c = 0; c < 256; c++) {
      boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      TOKEN[c] = alphanumeric || c > 0 && c < 128 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      VALUE[c] = c == '\t' || c >= ' ' && c != 0x7f;
    }
  }

  private Octets() {}

  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] b, int from, int to) {
    return new String(b, from, to - from, StandardCharsets.ISO_8859_1);
  }

  static boolean isToken(byte b) {
    return TOKEN[b & 0xff];
  }

  /// Whether a header's value or a request's target may hold it.
  static boolean isValue(byte b) {
    return VALUE[b & 0xff];
  }

  /// `lower` must be lower case.
  static boolean equalsLower(byte[] b, int from, int to, byte[] lower) {
    if (to - from != lower.length) {
      return false;
    }
    for (int i = 0; i < lower.length; i++) {
      int c = b[from + i];
      if (c >= 'A' && c <= 'Z') {
        c += 32;
      }
      if (c != lower[i]) {
        return false;
      }
    }
    return true;
  }

  /// The value of a hexadecimal digit, or -1.
  static int hex(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
