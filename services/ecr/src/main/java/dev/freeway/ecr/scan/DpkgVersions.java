package dev.freeway.ecr.scan;

/// `[epoch:]upstream[-revision]`, as Debian's policy orders them: `~` before everything, even the
/// end; letters before other characters.
final class DpkgVersions implements VersionOrder {
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
    int upstream =
        part(dashX < 0 ? x : x.substring(0, dashX), dashY < 0 ? y : y.substring(0, dashY));
    return upstream != 0
        ? upstream
        : part(dashX < 0 ? "" : x.substring(dashX + 1), dashY < 0 ? "" : y.substring(dashY + 1));
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
    while (i < a.length() || j < b.length()) {
      while (i < a.length() && !digit(a, i) || j < b.length() && !digit(b, j)) {
        int x = weight(a, i);
        int y = weight(b, j);
        if (x != y) {
          return Integer.compare(x, y);
        }
        i++;
        j++;
      }
      int endA = digits(a, i);
      int endB = digits(b, j);
      int numbers = VersionOrder.numbers("0" + a.substring(i, endA), "0" + b.substring(j, endB));
      if (numbers != 0) {
        return numbers;
      }
      i = endA;
      j = endB;
    }
    return 0;
  }

  private static int weight(String text, int at) {
    if (at >= text.length() || digit(text, at)) {
      return 0;
    }
    char c = text.charAt(at);
    return c == '~' ? -1 : Character.isLetter(c) ? c : c + 256;
  }

  private static int digits(String text, int from) {
    int end = Math.min(from, text.length());
    while (end < text.length() && digit(text, end)) {
      end++;
    }
    return end;
  }

  private static boolean digit(String text, int at) {
    return text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }
}
