package dev.freeway.logs.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Terms that must all be there, `?` terms of which one must be, `-` terms that must not be.
record TermsPattern(
    List<Predicate<String>> all, List<Predicate<String>> any, List<Predicate<String>> none)
    implements FilterPattern {

  static TermsPattern parse(String text) {
    List<Predicate<String>> all = new ArrayList<>();
    List<Predicate<String>> any = new ArrayList<>();
    List<Predicate<String>> none = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      if (Character.isWhitespace(text.charAt(i))) {
        i++;
        continue;
      }
      List<Predicate<String>> into = all;
      if (text.charAt(i) == '?') {
        into = any;
        i++;
      } else if (text.charAt(i) == '-') {
        into = none;
        i++;
      }
      i = term(text, i, into);
    }
    return new TermsPattern(all, any, none);
  }

  private static int term(String text, int from, List<Predicate<String>> into) {
    if (from >= text.length()) {
      throw new IllegalArgumentException("a term is missing at the end");
    }
    char first = text.charAt(from);
    if (first == '"' || first == '%') {
      int end = text.indexOf(first, from + 1);
      if (end < 0) {
        throw new IllegalArgumentException("unclosed " + first);
      }
      String inner = text.substring(from + 1, end);
      if (first == '%') {
        Pattern regex = Pattern.compile(inner);
        into.add(m -> regex.matcher(m).find());
      } else {
        into.add(m -> m.contains(inner));
      }
      return end + 1;
    }
    int end = from;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    String word = text.substring(from, end);
    if (!word.matches("[A-Za-z0-9_]+")) {
      throw new IllegalArgumentException(
          "the term '" + word + "' has characters that need quotes around it");
    }
    into.add(m -> m.contains(word));
    return end;
  }

  @Override
  public boolean matches(String message) {
    return all.stream().allMatch(p -> p.test(message))
        && (any.isEmpty() || any.stream().anyMatch(p -> p.test(message)))
        && none.stream().noneMatch(p -> p.test(message));
  }
}
