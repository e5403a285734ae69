package dev.freeway.logs.pattern;

import java.util.ArrayList;
import java.util.List;

/// Splits JSON and field patterns into tokens: operators, brackets, selectors, quoted and bare
/// values.
final class Tokens {
  private static final List<String> OPERATORS =
      List.of("&&", "||", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",");

  private final List<String> tokens = new ArrayList<>();
  private int next;

  Tokens(String text) {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        i++;
        continue;
      }
      int start = i;
      String operator =
          OPERATORS.stream().filter(o -> text.startsWith(o, start)).findFirst().orElse(null);
      if (operator != null) {
        tokens.add(operator);
        i += operator.length();
      } else if (c == '"' || c == '%') {
        int end = text.indexOf(c, i + 1);
        if (end < 0) {
          throw new IllegalArgumentException("unclosed " + c);
        }
        tokens.add(text.substring(i, end + 1));
        i = end + 1;
      } else {
        int end = i;
        while (end < text.length()
            && !Character.isWhitespace(text.charAt(end))
            && "=<>!&|(),".indexOf(text.charAt(end)) < 0) {
          end++;
        }
        if (end == i) {
          throw new IllegalArgumentException("unexpected '" + c + "'");
        }
        tokens.add(text.substring(i, end));
        i = end;
      }
    }
  }

  boolean atEnd() {
    return next >= tokens.size();
  }

  String peek() {
    return atEnd() ? "" : tokens.get(next);
  }

  String take() {
    if (atEnd()) {
      throw new IllegalArgumentException("unexpected end");
    }
    return tokens.get(next++);
  }

  boolean takeIf(String token) {
    if (peek().equals(token)) {
      next++;
      return true;
    }
    return false;
  }

  void expect(String token) {
    String found = take();
    if (!found.equals(token)) {
      throw new IllegalArgumentException("expected '" + token + "' and found '" + found + "'");
    }
  }
}
