package dev.freeway.cloudwatch;

import org.jspecify.annotations.Nullable;

/// Text from requests that is kept: it must be text in every protocol it may be answered in.
final class Texts {
  private Texts() {}

  /// Whether it may be an alarm's name.
  static boolean isName(String text) {
    return text.chars().noneMatch(c -> c < ' ') && isWhole(text);
  }

  // Half a surrogate pair, which JSON can spell and UTF-8 cannot.
  private static boolean isWhole(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  static void check(@Nullable String text, String parameter) {
    if (text != null && !isWhole(text)) {
      throw Refusals.value("The parameter " + parameter + " is not valid Unicode.");
    }
  }
}
