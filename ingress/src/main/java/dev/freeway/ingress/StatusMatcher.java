package dev.freeway.ingress;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Status codes as a target group's matcher writes them: `200`, `200,202`, `200-299,301`.
public record StatusMatcher(List<Range> ranges) {
  private static final Pattern PART = Pattern.compile("(\\d{3})(?:-(\\d{3}))?");
  private static final Pattern GRPC_PART = Pattern.compile("(\\d{1,2})(?:-(\\d{1,2}))?");

  public record Range(int first, int last) {}

  public StatusMatcher {
    ranges = List.copyOf(ranges);
  }

  /// Throws `IllegalArgumentException` when the text is none of the forms above.
  public static StatusMatcher parse(String text) {
    return parse(text, PART);
  }

  /// Codes of gRPC: `0`, `0,12`, `0-99`.
  public static StatusMatcher ofGrpc(String text) {
    return parse(text, GRPC_PART);
  }

  private static StatusMatcher parse(String text, Pattern form) {
    List<Range> ranges = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher match = form.matcher(part.strip());
      if (!match.matches()) {
        throw new IllegalArgumentException("Not a list of status codes: " + text);
      }
      int first = Integer.parseInt(match.group(1));
      int last = match.group(2) == null ? first : Integer.parseInt(match.group(2));
      if (last < first) {
        throw new IllegalArgumentException("Not a range of status codes: " + part);
      }
      ranges.add(new Range(first, last));
    }
    return new StatusMatcher(ranges);
  }

  public boolean matches(int status) {
    for (Range range : ranges) {
      if (range.first <= status && status <= range.last) {
        return true;
      }
    }
    return false;
  }
}
