package dev.freeway.ecr.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `1.2.3a_rc1-r4`, as apk orders them.
final class ApkVersions implements VersionOrder {
  private static final Pattern WHOLE =
      Pattern.compile(
          "(\\d+)((?:\\.\\d+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\\d*)*)(?:~[0-9a-f]+)?(?:-r(\\d+))?");
  private static final Pattern SUFFIX = Pattern.compile("_([a-z]+)(\\d*)");

  /// What comes before the release itself, then what comes after.
  private static final List<String> SUFFIXES =
      List.of("alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p");

  @Override
  public int compare(String a, String b) {
    Matcher x = parse(a);
    Matcher y = parse(b);
    int order = VersionOrder.numbers(x.group(1), y.group(1));
    if (order == 0) {
      order = parts(split(x.group(2)), split(y.group(2)));
    }
    if (order == 0) {
      order = x.group(3).compareTo(y.group(3));
    }
    if (order == 0) {
      order = suffixes(x.group(4), y.group(4));
    }
    return order != 0 ? order : VersionOrder.numbers(revision(x), revision(y));
  }

  private static Matcher parse(String version) {
    Matcher m = WHOLE.matcher(version);
    if (!m.matches()) {
      throw new Unreadable(version);
    }
    return m;
  }

  private static String revision(Matcher m) {
    return m.group(5) == null ? "0" : m.group(5);
  }

  private static List<String> split(String parts) {
    return parts.isEmpty() ? List.of() : List.of(parts.substring(1).split("\\."));
  }

  private static int parts(List<String> a, List<String> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      String x = a.get(i);
      String y = b.get(i);
      // A part with a leading zero is a fraction.
      boolean fraction = x.startsWith("0") || y.startsWith("0");
      int order = fraction ? x.compareTo(y) : VersionOrder.numbers(x, y);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private record Suffix(int rank, String number) {}

  private static int suffixes(String a, String b) {
    List<Suffix> x = ranked(a);
    List<Suffix> y = ranked(b);
    Suffix none = new Suffix(SUFFIXES.indexOf(""), "0");
    for (int i = 0; i < Math.max(x.size(), y.size()); i++) {
      Suffix p = i < x.size() ? x.get(i) : none;
      Suffix q = i < y.size() ? y.get(i) : none;
      int order = Integer.compare(p.rank, q.rank);
      if (order == 0) {
        order = VersionOrder.numbers(p.number, q.number);
      }
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static List<Suffix> ranked(String suffixes) {
    List<Suffix> all = new ArrayList<>();
    for (Matcher m = SUFFIX.matcher(suffixes); m.find(); ) {
      all.add(new Suffix(SUFFIXES.indexOf(m.group(1)), "0" + m.group(2)));
    }
    return all;
  }
}
