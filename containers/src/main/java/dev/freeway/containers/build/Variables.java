package dev.freeway.containers.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Substitution in Dockerfile arguments: `$name`, `${name}`, `${name:-default}`, `${name:+value}`
/// and the same without the colon, `\$`; nothing inside single quotes.
record Variables(Map<String, String> values) {
  /// Substitutes, and drops quotes and escapes.
  String expand(String text) {
    return process(text, true);
  }

  /// Splits at blanks outside quotes, then substitutes.
  List<String> words(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    char quote = 0;
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
        word.append(c).append(text.charAt(++i));
        any = true;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        if (any) {
          words.add(expand(word.toString()));
        }
        word.setLength(0);
        any = false;
      } else {
        if (quote == 0 && (c == '"' || c == '\'')) {
          quote = c;
        } else if (c == quote) {
          quote = 0;
        }
        word.append(c);
        any = true;
      }
    }
    if (any) {
      words.add(expand(word.toString()));
    }
    return words;
  }

  private String process(String text, boolean quotes) {
    var out = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quotes && quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (quotes && quote != 0 && c == quote) {
        quote = 0;
      } else if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
        char next = text.charAt(++i);
        if (quote == '"' && next != '"' && next != '$' && next != '\\') {
          out.append(c);
        }
        out.append(next);
      } else if (c == '$' && quote != '\'') {
        i = variable(text, i, out);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /// Appends the value of the variable that begins at `from`; returns the index of its last
  /// character.
  private int variable(String text, int from, StringBuilder out) {
    if (from + 1 < text.length() && text.charAt(from + 1) == '{') {
      int depth = 1;
      int end = from + 2;
      while (end < text.length() && depth > 0) {
        char c = text.charAt(end++);
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      }
      if (depth > 0) {
        out.append(text, from, text.length());
        return text.length() - 1;
      }
      out.append(braced(text.substring(from + 2, end - 1)));
      return end - 1;
    }
    int end = from + 1;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    if (end == from + 1) {
      out.append('$');
      return from;
    }
    out.append(values.getOrDefault(text.substring(from + 1, end), ""));
    return end - 1;
  }

  private String braced(String inside) {
    int end = 0;
    while (end < inside.length()
        && (Character.isLetterOrDigit(inside.charAt(end)) || inside.charAt(end) == '_')) {
      end++;
    }
    var value = values.get(inside.substring(0, end));
    var rest = inside.substring(end);
    boolean colon = rest.startsWith(":");
    boolean set = value != null && !(colon && value.isEmpty());
    var operator = colon ? rest.substring(1) : rest;
    if (operator.startsWith("-")) {
      return set ? String.valueOf(value) : process(operator.substring(1), true);
    }
    if (operator.startsWith("+")) {
      return set ? process(operator.substring(1), true) : "";
    }
    return value == null ? "" : value;
  }
}
