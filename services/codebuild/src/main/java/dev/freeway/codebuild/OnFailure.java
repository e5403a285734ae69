package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Invalid;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What a phase asks for when one of its commands fails.
sealed interface OnFailure {
  Pattern RETRY = Pattern.compile("RETRY(?:-(\\d{1,3}))?(?:-(.+))?", Pattern.DOTALL);
  int RETRIES = 3;
  int MOST_RETRIES = 100;

  record Abort() implements OnFailure {}

  record Continue() implements OnFailure {}

  /// The whole build is started again, at most `count` times, when the reason matches `regex`.
  record Retry(int count, String regex) implements OnFailure {
    boolean wants(String reason) {
      return Pattern.compile(regex, Pattern.DOTALL).matcher(reason).matches();
    }
  }

  /// `ABORT`, `CONTINUE`, `RETRY`, `RETRY-3`, `RETRY-.*timeout.*`, `RETRY-3-.*timeout.*`.
  static OnFailure parse(String text, String phase) throws Invalid {
    if (text.equals("ABORT")) {
      return new Abort();
    }
    if (text.equals("CONTINUE")) {
      return new Continue();
    }
    Matcher m = RETRY.matcher(text);
    if (!m.matches()) {
      throw new Invalid(
          "on-failure of phase "
              + phase
              + " must be ABORT, CONTINUE, RETRY, RETRY-count, RETRY-regex or RETRY-count-regex, not "
              + text);
    }
    int count = m.group(1) == null ? RETRIES : Integer.parseInt(m.group(1));
    if (count > MOST_RETRIES) {
      throw new Invalid("on-failure of phase " + phase + ": the count must be from 0 to 100");
    }
    String regex = m.group(2) == null ? ".*" : m.group(2);
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new Invalid("on-failure of phase " + phase + ": " + e.getDescription());
    }
    return new Retry(count, regex);
  }
}
