package dev.freeway.wire.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// `a=1&b` pairs of a URL or a form body, and percent-encoding as AWS does it (RFC 3986).
public final class QueryString {
  public record Pair(String key, String value) {}

  private static final String HEX = "0123456789ABCDEF";

  private QueryString() {}

  public static List<Pair> parse(String raw) {
    if (raw.isEmpty()) {
      return List.of();
    }
    List<Pair> pairs = new ArrayList<>();
    int from = 0;
    while (from <= raw.length()) {
      int amp = raw.indexOf('&', from);
      int end = amp < 0 ? raw.length() : amp;
      if (end > from) {
        int eq = raw.indexOf('=', from);
        if (eq < 0 || eq > end) {
          pairs.add(new Pair(decode(raw.substring(from, end), true), ""));
        } else {
          pairs.add(
              new Pair(
                  decode(raw.substring(from, eq), true), decode(raw.substring(eq + 1, end), true)));
        }
      }
      from = end + 1;
    }
    return pairs;
  }

  /// Percent-decoding; `+` is a space in queries and forms, itself in paths.
  public static String decode(String text, boolean plusIsSpace) {
    int first = 0;
    while (first < text.length() && text.charAt(first) != '%' && text.charAt(first) != '+') {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int n = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%' && i + 2 < in.length) {
        int high = Character.digit(in[i + 1], 16);
        int low = Character.digit(in[i + 2], 16);
        if (high >= 0 && low >= 0) {
          out[n++] = (byte) (high << 4 | low);
          i += 2;
          continue;
        }
      }
      out[n++] = in[i] == '+' && plusIsSpace ? (byte) ' ' : in[i];
    }
    return new String(out, 0, n, StandardCharsets.UTF_8);
  }

  /// Encodes all but the unreserved characters.
  public static String encode(String text, boolean keepSlash) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean unreserved =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '_'
              || c == '.'
              || c == '~';
      if (unreserved || keepSlash && c == '/') {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return out.toString();
  }
}
