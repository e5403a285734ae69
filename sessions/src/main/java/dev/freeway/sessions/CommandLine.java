package dev.freeway.sessions;

import java.util.ArrayList;
import java.util.List;

/// A command as words: split at blanks, unless quoted by `'`, `"` or a backslash. Nothing is
/// expanded.
final class CommandLine {
  private CommandLine() {}

  /// Throws IllegalArgumentException when a quote is not closed, or there is no word.
  static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean in = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean escapes = c == '\\' && quote != '\'' && i + 1 < line.length();
      if (escapes) {
        char next = line.charAt(++i);
        if (quote == '"' && next != '"' && next != '\\') {
          word.append(c);
        }
        word.append(next);
        in = true;
      } else if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        in = true;
      } else if (Character.isWhitespace(c)) {
        if (in) {
          words.add(word.toString());
          word.setLength(0);
          in = false;
        }
      } else {
        word.append(c);
        in = true;
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException("a quote is not closed in: " + line);
    }
    if (in) {
      words.add(word.toString());
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("there is no command");
    }
    return words;
  }
}
