package dev.freeway.ecr.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// As Maven's "Version Order Specification" orders them.
final class MavenVersions implements VersionOrder {
  private static final List<String> KNOWN =
      List.of("alpha", "beta", "milestone", "rc", "snapshot", "", "sp");

  /// @param separator `.` or `-`, the one before it
  private record Token(char separator, String text) {
    boolean number() {
      return !text.isEmpty() && Character.isDigit(text.charAt(0));
    }

    boolean nothing() {
      return text.isEmpty() || text.matches("0+");
    }

    /// Qualifiers, then numbers after `-`, then numbers after `.`.
    int kind() {
      return !number() ? 0 : separator == '-' ? 1 : 2;
    }
  }

  @Override
  public int compare(String a, String b) {
    List<Token> x = tokens(a);
    List<Token> y = tokens(b);
    for (int i = 0; i < Math.max(x.size(), y.size()); i++) {
      Token p = i < x.size() ? x.get(i) : padding(y.get(i));
      Token q = i < y.size() ? y.get(i) : padding(x.get(i));
      int order = compare(p, q);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static Token padding(Token other) {
    return new Token(other.separator, other.number() ? "0" : "");
  }

  private static int compare(Token a, Token b) {
    if (a.kind() != b.kind()) {
      return Integer.compare(a.kind(), b.kind());
    }
    if (a.number()) {
      return VersionOrder.numbers(a.text, b.text);
    }
    int x = KNOWN.indexOf(a.text);
    int y = KNOWN.indexOf(b.text);
    if (x < 0 && y < 0) {
      return a.text.compareTo(b.text);
    }
    return Integer.compare(x < 0 ? KNOWN.size() : x, y < 0 ? KNOWN.size() : y);
  }

  private static List<Token> tokens(String version) {
    if (version.isBlank()) {
      throw new Unreadable(version);
    }
    String text = version.strip().toLowerCase(Locale.ROOT);
    List<Token> all = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char separator = '.';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean split = c == '.' || c == '-' || c == '_';
      boolean turn =
          !split
              && !word.isEmpty()
              && Character.isDigit(c) != Character.isDigit(word.charAt(word.length() - 1));
      if (split || turn) {
        all.add(token(separator, word.toString(), turn));
        word.setLength(0);
        separator = c == '.' ? '.' : '-';
      }
      if (!split) {
        word.append(c);
      }
    }
    all.add(token(separator, word.toString(), false));
    return trimmed(all);
  }

  private static Token token(char separator, String text, boolean numberFollows) {
    String word =
        switch (text) {
          case "" -> "0";
          case "a" -> numberFollows ? "alpha" : text;
          case "b" -> numberFollows ? "beta" : text;
          case "m" -> numberFollows ? "milestone" : text;
          case "cr" -> "rc";
          case "ga", "final", "release" -> "";
          default -> text;
        };
    return new Token(separator, word);
  }

  /// Without what says nothing, at the end and before each hyphen.
  private static List<Token> trimmed(List<Token> tokens) {
    List<Token> left = new ArrayList<>(tokens);
    for (int end = left.size(); end > 0; end--) {
      if (end == left.size() || left.get(end).separator == '-') {
        for (int i = end - 1; i > 0 && left.get(i).nothing(); i--) {
          left.remove(i);
          end = i;
        }
      }
    }
    return left;
  }
}
