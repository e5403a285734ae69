package dev.freeway.platform.policy;

/// `*` for any characters, `?` for one.
final class Wildcards {
  private Wildcards() {}

  static boolean match(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /// An ARN's six parts are compared one by one: a wildcard does not reach over a colon, but in the
  /// last part.
  static boolean matchArn(String pattern, String arn) {
    String[] wanted = pattern.split(":", 6);
    String[] given = arn.split(":", 6);
    if (wanted.length < 6 || given.length < 6) {
      return pattern.equals("*");
    }
    for (int i = 0; i < 6; i++) {
      if (!match(wanted[i], given[i])) {
        return false;
      }
    }
    return true;
  }
}
