package dev.freeway.codebuild;

import java.util.regex.Pattern;

/// CodeBuild's file patterns: `*` and `?` stay in one folder, `**` is any number of folders, none
/// too; `[…]` and `{a,b}` as in a shell.
final class Globs {
  private Globs() {}

  static Pattern regex(String glob) {
    StringBuilder out = new StringBuilder();
    int braces = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> {
          if (glob.startsWith("**/", i)) {
            out.append("(?:.*/)?");
            i += 2;
          } else if (glob.startsWith("**", i)) {
            out.append(".*");
            i++;
          } else {
            out.append("[^/]*");
          }
        }
        case '?' -> out.append("[^/]");
        case '[' -> {
          int end = glob.indexOf(']', i + 2);
          if (end < 0) {
            out.append("\\[");
          } else {
            String inner = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
            out.append('[').append(inner.replaceFirst("^!", "^")).append(']');
            i = end;
          }
        }
        case '{' -> {
          braces++;
          out.append("(?:");
        }
        case '}' -> out.append(braces-- > 0 ? ")" : "\\}");
        case ',' -> out.append(braces > 0 ? "|" : ",");
        default -> out.append(Pattern.quote(String.valueOf(c)));
      }
    }
    // A brace that is never closed stands for itself.
    return braces > 0 ? Pattern.compile(Pattern.quote(glob)) : Pattern.compile(out.toString());
  }

  /// The folder, or the whole path, before the first part that holds a wildcard. `${NAME}` is none.
  static String fixed(String glob) {
    StringBuilder fixed = new StringBuilder();
    for (String part : glob.split("/", -1)) {
      if (part.replaceAll("\\$\\{[^}]*}", "").matches(".*[*?\\[{].*")) {
        return fixed.isEmpty() ? "" : fixed.substring(0, fixed.length() - 1);
      }
      fixed.append(part).append('/');
    }
    return fixed.substring(0, fixed.length() - 1);
  }
}
