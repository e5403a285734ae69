package dev.freeway.ecr.scan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Semantic versions 2.0; parts that are missing are zero.
final class SemanticVersions implements VersionOrder {
  private static final Pattern WHOLE =
      Pattern.compile("[v=]*(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:-([0-9A-Za-z.-]+))?(?:\\+.*)?");

  @Override
  public int compare(String a, String b) {
    Matcher x = parse(a);
    Matcher y = parse(b);
    for (int i = 1; i <= 3; i++) {
      int order =
          VersionOrder.numbers(
              x.group(i) == null ? "0" : x.group(i), y.group(i) == null ? "0" : y.group(i));
      if (order != 0) {
        return order;
      }
    }
    String p = x.group(4);
    String q = y.group(4);
    if (p == null || q == null) {
      return Boolean.compare(p == null, q == null);
    }
    return previews(p.split("\\."), q.split("\\."));
  }

  private static Matcher parse(String version) {
    Matcher m = WHOLE.matcher(version.strip());
    if (!m.matches()) {
      throw new Unreadable(version);
    }
    return m;
  }

  private static int previews(String[] a, String[] b) {
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      boolean x = a[i].matches("\\d+");
      boolean y = b[i].matches("\\d+");
      int order =
          x && y
              ? VersionOrder.numbers(a[i], b[i])
              : x == y ? a[i].compareTo(b[i]) : Boolean.compare(y, x);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.length, b.length);
  }
}
