package dev.freeway.telemetry.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads expressions: `IF(m1 > 10 AND m2 > 0, RATE(m1) / m2, 0)`.
final class Parser {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|\\.\\d+)|\"([^\"]*)\"|'((?:[^'\\\\]|\\\\.)*)'"
              + "|([A-Za-z_][A-Za-z0-9_]*)|(&&|\\|\\||==|!=|<=|>=|[-+*/^<>(),\\[\\]]))");
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of("||"),
          Set.of("&&"),
          Set.of("==", "!=", "<", ">", "<=", ">="),
          Set.of("+", "-"),
          Set.of("*", "/"));
  private static final int DEEPEST = 100;

  private enum Kind {
    NUMBER,
    TEXT,
    WORD,
    SIGN,
    END
  }

  private record Token(Kind kind, String text) {
    boolean is(String sign) {
      return kind == Kind.SIGN && text.equals(sign);
    }
  }

  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int depth;

  private Parser(String text) {
    Matcher m = TOKEN.matcher(text);
    int end = 0;
    int length = text.stripTrailing().length();
    while (end < length) {
      if (!m.find(end) || m.start() != end) {
        throw new MathException("Unexpected character at " + end + ": " + text.substring(end));
      }
      tokens.add(token(m));
      end = m.end();
    }
    tokens.add(new Token(Kind.END, "the end"));
  }

  private static Token token(Matcher m) {
    if (m.group(1) != null) {
      return new Token(Kind.NUMBER, m.group(1));
    }
    if (m.group(2) != null) {
      return new Token(Kind.TEXT, m.group(2));
    }
    if (m.group(3) != null) {
      return new Token(Kind.TEXT, m.group(3).replaceAll("\\\\(.)", "$1"));
    }
    if (m.group(4) != null) {
      return switch (m.group(4)) {
        case "AND" -> new Token(Kind.SIGN, "&&");
        case "OR" -> new Token(Kind.SIGN, "||");
        default -> new Token(Kind.WORD, m.group(4));
      };
    }
    return new Token(Kind.SIGN, m.group(5));
  }

  static Node parse(String text) {
    Parser p = new Parser(text);
    Node all = p.level(0);
    p.expect(Kind.END, "the end");
    return all;
  }

  private Token next() {
    return tokens.get(at);
  }

  private Node level(int n) {
    if (n == LEVELS.size()) {
      return power();
    }
    Node left = level(n + 1);
    while (next().kind() == Kind.SIGN && LEVELS.get(n).contains(next().text())) {
      String operator = tokens.get(at++).text();
      left = new Node.Binary(operator, left, level(n + 1));
    }
    return left;
  }

  private Node power() {
    Node left = unary();
    if (next().is("^")) {
      at++;
      return new Node.Binary("^", left, power());
    }
    return left;
  }

  private Node unary() {
    if (++depth > DEEPEST) {
      throw new MathException("The expression is nested too deeply");
    }
    try {
      if (next().is("-")) {
        at++;
        return new Node.Negative(power());
      }
      return primary();
    } finally {
      depth--;
    }
  }

  private Node primary() {
    Token t = tokens.get(at);
    if (t.kind() != Kind.END) {
      at++;
    }
    return switch (t.kind()) {
      case NUMBER -> new Node.Number(Double.parseDouble(t.text()));
      case TEXT -> new Node.Text(t.text());
      case WORD -> {
        if (next().is("(")) {
          at++;
          yield new Node.Function(t.text(), items(")"));
        }
        yield new Node.Name(t.text());
      }
      case SIGN -> {
        if (t.is("[")) {
          yield new Node.Array(items("]"));
        }
        if (t.is("(")) {
          Node inner = level(0);
          expect(Kind.SIGN, ")");
          yield inner;
        }
        throw new MathException("Unexpected " + t.text());
      }
      case END -> throw new MathException("Unexpected " + t.text());
    };
  }

  private List<Node> items(String end) {
    List<Node> all = new ArrayList<>();
    while (!next().is(end)) {
      if (!all.isEmpty()) {
        expect(Kind.SIGN, ",");
      }
      all.add(level(0));
    }
    at++;
    return all;
  }

  private void expect(Kind kind, String text) {
    Token t = next();
    if (t.kind() != kind || !t.text().equals(text)) {
      throw new MathException("Expected " + text + " but found " + t.text());
    }
    at++;
  }
}
