package dev.freeway.ingress;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Finds targets that fail far more often than the others of their group, by answers of 5xx and
/// broken connections. AWS does not say how it counts; here every ten seconds.
final class Anomalies {
  /// How much of its share an anomalous target keeps where that is mitigated.
  static final double KEPT = 0.1;

  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final int ENOUGH_TARGETS = 3;
  private static final int ENOUGH_ANSWERS = 10;
  private static final double MANY = 0.2;
  private static final double TIMES = 3;

  private Instant next = Instant.MIN;

  /// Cheap most of the time: looks only when a period is over.
  synchronized void look(List<Member> registered, Instant now) {
    if (now.isBefore(next)) {
      return;
    }
    boolean first = next.equals(Instant.MIN);
    next = now.plus(PERIOD);
    if (first) {
      return;
    }
    List<Member> healthy = registered.stream().filter(Member::healthy).toList();
    int answers = healthy.stream().mapToInt(m -> m.outcomes.answers()).sum();
    int failures = healthy.stream().mapToInt(m -> m.outcomes.failures()).sum();
    for (Member member : healthy) {
      int own = member.outcomes.answers();
      if (own >= ENOUGH_ANSWERS) {
        double rate = (double) member.outcomes.failures() / own;
        double others = rate(failures - member.outcomes.failures(), answers - own);
        boolean odd = healthy.size() >= ENOUGH_TARGETS && rate > MANY && rate > TIMES * others;
        member.outcomes.judged(odd);
      }
    }
  }

  private static double rate(int failures, int answers) {
    return answers == 0 ? 0 : (double) failures / answers;
  }

  /// What became of a target's requests since it was judged.
  static final class Outcomes {
    private int answers;
    private int failures;
    private volatile boolean anomalous;

    synchronized void add(boolean failed) {
      answers++;
      failures += failed ? 1 : 0;
    }

    synchronized int answers() {
      return answers;
    }

    synchronized int failures() {
      return failures;
    }

    synchronized void judged(boolean odd) {
      anomalous = odd;
      answers = 0;
      failures = 0;
    }

    boolean anomalous() {
      return anomalous;
    }
  }
}
