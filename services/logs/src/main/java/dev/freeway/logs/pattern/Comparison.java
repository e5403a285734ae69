package dev.freeway.logs.pattern;

import java.util.regex.Pattern;

/// `operator value` against the text of a field: numbers compare as numbers, `*` stands for
/// anything.
record Comparison(String operator, String value) {
  static Comparison read(Tokens tokens) {
    String operator = tokens.take();
    if (!"= != < <= > >=".contains(operator)) {
      throw new IllegalArgumentException("'" + operator + "' is no comparison");
    }
    return new Comparison(operator, tokens.take());
  }

  boolean test(String actual) {
    return switch (operator) {
      case "=" -> equal(actual);
      case "!=" -> !equal(actual);
      default -> {
        double a;
        double b;
        try {
          a = Double.parseDouble(actual);
          b = Double.parseDouble(value);
        } catch (NumberFormatException e) {
          yield false;
        }
        yield switch (operator) {
          case "<" -> a < b;
          case "<=" -> a <= b;
          case ">" -> a > b;
          default -> a >= b;
        };
      }
    };
  }

  private boolean equal(String actual) {
    if (value.startsWith("%") && value.endsWith("%") && value.length() > 1) {
      return Pattern.compile(value.substring(1, value.length() - 1)).matcher(actual).find();
    }
    boolean quoted = value.startsWith("\"") && value.endsWith("\"") && value.length() > 1;
    String wanted = quoted ? value.substring(1, value.length() - 1) : value;
    if (wanted.indexOf('*') >= 0) {
      return Pattern.compile(Pattern.quote(wanted).replace("*", "\\E.*\\Q"), Pattern.DOTALL)
          .matcher(actual)
          .matches();
    }
    if (!quoted) {
      try {
        return Double.parseDouble(wanted) == Double.parseDouble(actual);
      } catch (NumberFormatException e) {
        return wanted.equals(actual);
      }
    }
    return wanted.equals(actual);
  }
}
