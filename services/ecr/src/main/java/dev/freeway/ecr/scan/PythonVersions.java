package dev.freeway.ecr.scan;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// As PEP 440 orders them: development, alpha, beta, candidate, release, post, local.
final class PythonVersions implements VersionOrder {
  private static final Pattern WHOLE =
      Pattern.compile(
          "v?(?:(\\d+)!)?(\\d+(?:\\.\\d+)*)"
              + "(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\\d*))?"
              + "(?:(?:-(\\d+))|[-_.]?(post|rev|r)[-_.]?(\\d*))?"
              + "(?:[-_.]?(dev)[-_.]?(\\d*))?"
              + "(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?");

  /// @param pre 0 development of the release, 1 alpha, 2 beta, 3 candidate, 4 the release
  /// @param post -1 for none
  /// @param dev [Long#MAX_VALUE] for none
  private record Parsed(
      long epoch,
      List<String> release,
      int pre,
      long preNumber,
      long post,
      long dev,
      List<String> local) {}

  @Override
  public int compare(String a, String b) {
    return Comparator.comparingLong(Parsed::epoch)
        .thenComparing(Parsed::release, PythonVersions::releases)
        .thenComparingInt(Parsed::pre)
        .thenComparingLong(Parsed::preNumber)
        .thenComparingLong(Parsed::post)
        .thenComparingLong(Parsed::dev)
        .thenComparing(Parsed::local, PythonVersions::locals)
        .compare(parse(a), parse(b));
  }

  private static Parsed parse(String version) {
    Matcher m = WHOLE.matcher(version.strip().toLowerCase(Locale.ROOT));
    if (!m.matches()) {
      throw new Unreadable(version);
    }
    boolean post = m.group(5) != null || m.group(6) != null;
    boolean dev = m.group(8) != null;
    int pre =
        m.group(3) == null
            ? dev && !post ? 0 : 4
            : switch (m.group(3)) {
              case "a", "alpha" -> 1;
              case "b", "beta" -> 2;
              default -> 3;
            };
    return new Parsed(
        number(m.group(1), version),
        List.of(m.group(2).split("\\.")),
        pre,
        number(m.group(4), version),
        post ? number(m.group(5) != null ? m.group(5) : m.group(7), version) : -1,
        dev ? number(m.group(9), version) : Long.MAX_VALUE,
        m.group(10) == null ? List.of() : List.of(m.group(10).split("[-_.]")));
  }

  private static long number(@Nullable String digits, String version) {
    if (digits == null || digits.isEmpty()) {
      return 0;
    }
    if (digits.length() > 18) {
      throw new Unreadable(version);
    }
    return Long.parseLong(digits);
  }

  private static int releases(List<String> a, List<String> b) {
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      int order =
          VersionOrder.numbers(i < a.size() ? a.get(i) : "0", i < b.size() ? b.get(i) : "0");
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int locals(List<String> a, List<String> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      boolean x = Character.isDigit(a.get(i).charAt(0));
      boolean y = Character.isDigit(b.get(i).charAt(0));
      int order =
          x && y
              ? VersionOrder.numbers(a.get(i), b.get(i))
              : x == y ? a.get(i).compareTo(b.get(i)) : Boolean.compare(x, y);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
