package dev.freeway.iam;

import java.math.BigInteger;

/// Bytes as people type them into an authenticator (RFC 4648, without padding).
final class Base32 {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS = 5;

  private Base32() {}

  /// @param bytes a multiple of five of them
  static String of(byte[] bytes) {
    BigInteger number = new BigInteger(1, bytes);
    StringBuilder text = new StringBuilder();
    for (int i = bytes.length * Byte.SIZE / BITS - 1; i >= 0; i--) {
      text.append(ALPHABET.charAt(number.shiftRight(i * BITS).intValue() & 31));
    }
    return text.toString();
  }
}
