package dev.freeway.store;

/// Composite keys. Parts are joined by [#SEPARATOR], which sorts before every character that parts
/// may have, so that keys sort by their first part, then by their second, and so on.
public final class Key {
  public static final char SEPARATOR = '\u0001';

  private Key() {}

  /// The key made of `parts`.
  ///
  /// @throws IllegalArgumentException a part holds the separator, a NUL, or half a surrogate pair
  public static String of(String... parts) {
    for (var part : parts) {
      check(part);
    }
    return parts.length == 1 ? parts[0] : String.join("\u0001", parts);
  }

  /// The prefix of all keys that start with `parts` and have more. No parts: the prefix of all
  /// keys.
  public static String prefix(String... parts) {
    return parts.length == 0 ? "" : of(parts) + SEPARATOR;
  }

  /// The parts that `key` was made of.
  public static String[] parts(String key) {
    return key.split("\u0001", -1);
  }

  /// A number as a key part that sorts like the number, for numbers from zero.
  public static String number(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative number in a key: " + value);
    }
    var digits = Long.toString(value);
    return "0".repeat(19 - digits.length()) + digits;
  }

  private static void check(String part) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c <= SEPARATOR) {
        throw new IllegalArgumentException("key part holds U+000" + (int) c + " at " + i);
      }
      if (Character.isSurrogate(c)) {
        // Half a pair has no UTF-8 form: it would be stored as '?', and different keys be the same.
        if (!Character.isHighSurrogate(c)
            || i + 1 == part.length()
            || !Character.isLowSurrogate(part.charAt(i + 1))) {
          throw new IllegalArgumentException("key part holds half a surrogate pair at " + i);
        }
        i++;
      }
    }
  }

  /// The least string greater than all that start with `prefix`, by code point; empty if there is
  /// none.
  static String after(String prefix) {
    int end = prefix.length();
    while (end > 0) {
      int last = prefix.codePointBefore(end);
      int start = end - Character.charCount(last);
      if (last < Character.MAX_CODE_POINT) {
        int next = last == 0xD7FF ? 0xE000 : last + 1;
        return prefix.substring(0, start) + Character.toString(next);
      }
      end = start;
    }
    return "";
  }
}
