package dev.freeway.ecr.scan;

/// `[epoch:]version[-release]`, as rpm orders them: parts of digits or letters, `~` before
/// everything, `^` after the end but before more.
final class RpmVersions implements VersionOrder {
  @Override
  public int compare(String a, String b) {
    int epochs = VersionOrder.numbers(epoch(a), epoch(b));
    if (epochs != 0) {
      return epochs;
    }
    String x = a.substring(a.indexOf(':') + 1);
    String y = b.substring(b.indexOf(':') + 1);
    int dashX = x.lastIndexOf('-');
    int dashY = y.lastIndexOf('-');
    int versions =
        part(dashX < 0 ? x : x.substring(0, dashX), dashY < 0 ? y : y.substring(0, dashY));
    // Who states no release speaks of all of them.
    return versions != 0 || dashX < 0 || dashY < 0
        ? versions
        : part(x.substring(dashX + 1), y.substring(dashY + 1));
  }

  private static String epoch(String version) {
    int colon = version.indexOf(':');
    String epoch = colon < 0 ? "0" : version.substring(0, colon);
    if (!epoch.matches("\\d+") || version.isBlank()) {
      throw new Unreadable(version);
    }
    return epoch;
  }

  private static int part(String a, String b) {
    int i = 0;
    int j = 0;
    while (true) {
      i = separators(a, i);
      j = separators(b, j);
      char x = i < a.length() ? a.charAt(i) : 0;
      char y = j < b.length() ? b.charAt(j) : 0;
      if (x == '~' || y == '~') {
        if (x != y) {
          return x == '~' ? -1 : 1;
        }
        i++;
        j++;
        continue;
      }
      if (x == '^' || y == '^') {
        if (x != y) {
          return x == '^' ? (y == 0 ? 1 : -1) : (x == 0 ? -1 : 1);
        }
        i++;
        j++;
        continue;
      }
      if (x == 0 || y == 0) {
        return Boolean.compare(x != 0, y != 0);
      }
      boolean digits = Character.isDigit(x);
      int endA = run(a, i, digits);
      int endB = run(b, j, digits);
      if (endB == j) {
        // Of two kinds: digits are newer.
        return digits ? 1 : -1;
      }
      String one = a.substring(i, endA);
      String other = b.substring(j, endB);
      int order = digits ? VersionOrder.numbers(one, other) : one.compareTo(other);
      if (order != 0) {
        return order;
      }
      i = endA;
      j = endB;
    }
  }

  private static int separators(String text, int from) {
    int at = from;
    while (at < text.length()
        && !Character.isLetterOrDigit(text.charAt(at))
        && text.charAt(at) != '~'
        && text.charAt(at) != '^') {
      at++;
    }
    return at;
  }

  private static int run(String text, int from, boolean digits) {
    int at = from;
    while (at < text.length()
        && (digits ? Character.isDigit(text.charAt(at)) : Character.isLetter(text.charAt(at)))) {
      at++;
    }
    return at;
  }
}
