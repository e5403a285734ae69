package dev.freeway.ingress;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// `X-Amzn-Trace-Id`: a request without one, or without a `Root` in it, gets a root; one that has a
/// root gets a `Self`, in place of the one it may have.
final class TraceId {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private TraceId() {}

  /// The header's value for the target.
  static String forTarget(@Nullable String received, long epochSecond) {
    if (received == null || received.isBlank()) {
      return "Root=" + fresh(epochSecond);
    }
    StringBuilder others = new StringBuilder(received.length());
    boolean root = false;
    for (String field : received.split(";")) {
      String trimmed = field.strip();
      root |= trimmed.startsWith("Root=");
      if (!trimmed.isEmpty() && !trimmed.startsWith("Self=")) {
        others.append(';').append(trimmed);
      }
    }
    return (root ? "Self=" : "Root=") + fresh(epochSecond) + others;
  }

  /// What connection log and access log call a connection.
  static String ofConnection() {
    char[] text = new char[20];
    "TID_".getChars(0, 4, text, 0);
    hex(text, 4, ThreadLocalRandom.current().nextLong(), 16);
    return new String(text);
  }

  /// `1-`, the second in 8 hexadecimal digits, `-`, and 96 random bits.
  private static String fresh(long epochSecond) {
    char[] text = new char[35];
    text[0] = '1';
    text[1] = '-';
    hex(text, 2, epochSecond, 8);
    text[10] = '-';
    ThreadLocalRandom random = ThreadLocalRandom.current();
    hex(text, 11, random.nextLong(), 16);
    hex(text, 27, random.nextInt(), 8);
    return new String(text);
  }

  private static void hex(char[] text, int at, long value, int digits) {
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      text[i] = HEX[(int) rest & 15];
      rest >>>= 4;
    }
  }
}
