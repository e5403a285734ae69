package dev.freeway.ingress;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A regular expression of a rule, with a bound on the work one text may cost: expressions come
/// from users and texts from anybody.
public final class Regex {
  private static final int STEPS = 200_000;
  private static final Pattern REFUSED =
      Pattern.compile("\\(\\?(?![:P]?<?[A-Za-z:i])|\\(\\?<?[=!]|\\(\\?>|\\\\[1-9kpP]|[*+?}]\\+");

  private final Pattern pattern;

  private Regex(Pattern pattern) {
    this.pattern = pattern;
  }

  /// Throws `IllegalArgumentException` for what AWS does not take: looking around, back references,
  /// atomic groups, possessive quantifiers, Unicode classes, and what is no expression at all.
  public static Regex of(String text, boolean ignoreCase) {
    if (REFUSED.matcher(text).find()) {
      throw new IllegalArgumentException("not supported in regular expressions: " + text);
    }
    return new Regex(Pattern.compile(text, ignoreCase ? Pattern.CASE_INSENSITIVE : 0));
  }

  boolean found(String text) {
    try {
      return pattern.matcher(new Metered(text)).find();
    } catch (TooMuch tooMuch) {
      return false;
    }
  }

  /// The text with its first match replaced; itself when nothing matches. Throws
  /// `IllegalArgumentException` when the replacement names a group that is not there, or the work
  /// is too much.
  String replaced(String text, String replacement) {
    try {
      Matcher matcher = pattern.matcher(new Metered(text));
      if (!matcher.find()) {
        return text;
      }
      StringBuilder result = new StringBuilder();
      matcher.appendReplacement(result, replacement.replace("\\", "\\\\"));
      return result.append(text, matcher.end(), text.length()).toString();
    } catch (TooMuch | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("cannot replace", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Regex r
        && r.pattern.pattern().equals(pattern.pattern())
        && r.pattern.flags() == pattern.flags();
  }

  @Override
  public int hashCode() {
    return pattern.pattern().hashCode();
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }

  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMuch() {
      super(null, null, false, false);
    }
  }

  /// Counts the looks at its characters.
  private static final class Metered implements CharSequence {
    private final String text;
    private int left = STEPS;

    Metered(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int i) {
      if (--left < 0) {
        throw new TooMuch();
      }
      return text.charAt(i);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return text.subSequence(from, to);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
