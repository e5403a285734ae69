package dev.freeway.ecr.scan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Whether an advisory is about a version, as OSV's specification evaluates it.
final class Affects {
  /// No version is longer; what is, is made to hurt.
  private static final int LONGEST = 256;

  private Affects() {}

  /// @param fixedIn the first version that is not affected; empty when none is known
  record Verdict(String fixedIn) {}

  static Optional<Verdict> affects(Advisory.Affected affected, String version) {
    VersionOrder order = VersionOrder.of(affected.ecosystem()).orElse(null);
    Optional<Verdict> verdict = Optional.empty();
    if (order != null) {
      for (List<Advisory.Event> events : affected.ranges()) {
        if (verdict.isEmpty()) {
          verdict = inRange(events, version, order);
        }
      }
    }
    return verdict.isEmpty() && affected.versions().contains(version)
        ? Optional.of(new Verdict(""))
        : verdict;
  }

  private static Optional<Verdict> inRange(
      List<Advisory.Event> events, String version, VersionOrder order) {
    try {
      List<Advisory.Event> sorted = new ArrayList<>(events);
      sorted.removeIf(e -> e.kind().equals("limit"));
      sorted.sort(Comparator.comparing(Advisory.Event::version, (a, b) -> compare(a, b, order)));
      boolean affected = false;
      String fix = "";
      for (Advisory.Event e : sorted) {
        int at = compare(version, e.version(), order);
        switch (e.kind()) {
          case "introduced" -> affected = affected || at >= 0;
          case "fixed" -> {
            if (at >= 0) {
              affected = false;
            } else if (affected && fix.isEmpty()) {
              fix = e.version();
            }
          }
          case "last_affected" -> affected = affected && at <= 0;
          default -> {
            // An event that a later schema may bring says nothing yet.
          }
        }
      }
      return affected ? Optional.of(new Verdict(fix)) : Optional.empty();
    } catch (VersionOrder.Unreadable e) {
      // The specification's ranges are of versions that compare; the list of versions is left.
      return Optional.empty();
    }
  }

  /// `0` as the specification has it: before every version.
  private static int compare(String a, String b, VersionOrder order) {
    if (a.equals(b)) {
      return 0;
    }
    if (a.length() > LONGEST || b.length() > LONGEST) {
      throw new VersionOrder.Unreadable(a);
    }
    return a.equals("0") ? -1 : b.equals("0") ? 1 : order.compare(a, b);
  }
}
