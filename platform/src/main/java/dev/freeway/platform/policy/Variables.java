package dev.freeway.platform.policy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}`, `${?}`, `${$}` for the
/// characters themselves.
final class Variables {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{\\s*([^},]+?)\\s*(?:,\\s*'([^']*)'\\s*)?}");

  private Variables() {}

  /// Empty when a variable has no single value: then what it stands in matches nothing.
  static Optional<String> fill(String text, Access access) {
    if (!text.contains("${")) {
      return Optional.of(text);
    }
    Matcher m = VARIABLE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (m.find()) {
      String name = m.group(1);
      String value;
      if (name.equals("*") || name.equals("?") || name.equals("$")) {
        value = name;
      } else {
        List<String> values = access.values(name);
        if (values.size() == 1) {
          value = values.getFirst();
        } else if (values.isEmpty() && m.group(2) != null) {
          value = m.group(2);
        } else {
          return Optional.empty();
        }
      }
      m.appendReplacement(out, Matcher.quoteReplacement(value));
    }
    return Optional.of(m.appendTail(out).toString());
  }
}
