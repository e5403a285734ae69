package dev.freeway.containers.build;

import java.util.regex.Pattern;

/// Patterns as in COPY and `.dockerignore`: `*` and `?` stay within a name, `**` crosses, `[a-z]`
/// is a class.
record Glob(Pattern pattern) {
  static Glob of(String text) {
    var regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '*' -> {
          if (text.startsWith("**/", i)) {
            regex.append("(?:.*/)?");
            i += 2;
          } else if (text.startsWith("**", i)) {
            regex.append(".*");
            i++;
          } else {
            regex.append("[^/]*");
          }
        }
        case '?' -> regex.append("[^/]");
        case '[' -> {
          int end = text.indexOf(']', i + 2);
          if (end < 0) {
            regex.append("\\[");
          } else {
            var inside = text.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
            regex.append('[').append(inside).append(']');
            i = end;
          }
        }
        case '\\' -> {
          if (i + 1 < text.length()) {
            regex.append(Pattern.quote(text.substring(++i, i + 1)));
          }
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return new Glob(Pattern.compile(regex.toString()));
  }

  static boolean isPattern(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
  }

  boolean matches(String path) {
    return pattern.matcher(path).matches();
  }
}
