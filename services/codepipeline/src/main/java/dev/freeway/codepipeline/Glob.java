package dev.freeway.codepipeline;

import java.util.regex.Pattern;

/// The patterns of git filters. `*` stands for any run of characters but `/`, `**` for any run,
/// `**/` for any folders or none, `?` for one character but `/`; `[abc]`, `[a-z]`, `[!a]` for one
/// of those; `{a,b}` for either; a backslash takes the next character as it is.
final class Glob {
  private final String glob;
  private final StringBuilder regex = new StringBuilder();
  private int at;

  private Glob(String glob) {
    this.glob = glob;
  }

  /// Throws [IllegalArgumentException] for what is no pattern.
  static Pattern compile(String glob) {
    Glob g = new Glob(glob);
    g.read(false);
    return Pattern.compile(g.regex.toString(), Pattern.DOTALL);
  }

  static boolean matches(String glob, String text) {
    return compile(glob).matcher(text).matches();
  }

  private void read(boolean inBraces) {
    while (at < glob.length()) {
      char c = glob.charAt(at++);
      switch (c) {
        case '*' -> star();
        case '?' -> regex.append("[^/]");
        case '[' -> set();
        case '{' -> braces();
        case '\\' -> literal(at < glob.length() ? glob.charAt(at++) : '\\');
        case ',' -> regex.append(inBraces ? "|" : ",");
        case '}' -> {
          if (inBraces) {
            return;
          }
          literal('}');
        }
        default -> literal(c);
      }
    }
    if (inBraces) {
      throw new IllegalArgumentException("'{' without '}' in " + glob);
    }
  }

  private void literal(char c) {
    regex.append(Pattern.quote(String.valueOf(c)));
  }

  private void star() {
    if (!glob.startsWith("*", at)) {
      regex.append("[^/]*");
      return;
    }
    while (glob.startsWith("*", at)) {
      at++;
    }
    boolean folders = glob.startsWith("/", at);
    if (folders) {
      at++;
    }
    regex.append(folders ? "(?:.*/)?" : ".*");
  }

  private void braces() {
    regex.append("(?:");
    read(true);
    regex.append(')');
  }

  private void set() {
    int end = glob.indexOf(']', at + 1);
    if (end < 0) {
      throw new IllegalArgumentException("'[' without ']' in " + glob);
    }
    String inside = glob.substring(at, end);
    boolean not = inside.startsWith("!") || inside.startsWith("^");
    String members =
        (not ? inside.substring(1) : inside)
            .replace("\\", "\\\\")
            .replace("[", "\\[")
            .replace("&", "\\&");
    regex.append(not ? "[^/" : "[").append(members).append(']');
    at = end + 1;
  }
}
