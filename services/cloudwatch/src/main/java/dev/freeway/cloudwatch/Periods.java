package dev.freeway.cloudwatch;

import java.time.Instant;

/// Lengths of time that metrics may be asked for by.
final class Periods {
  private Periods() {}

  static void check(int period, String where) {
    boolean fine = period == 1 || period == 5 || period == 10 || period == 20 || period == 30;
    if (!fine && period % 60 != 0) {
      throw Refusals.value(
          "The parameter " + where + " must be 1, 5, 10, 20, 30, or a multiple of 60.");
    }
    if (period > 86_400) {
      throw Refusals.value("The parameter " + where + " must not be greater than 86400.");
    }
  }

  /// Where the first period of a read begins: a whole minute, or a whole period of less.
  static Instant start(Instant from, int period) {
    int step = Math.min(period, 60);
    return Instant.ofEpochSecond(Math.floorDiv(from.getEpochSecond(), step) * step);
  }

  /// The number of periods in a range.
  static long count(Instant from, Instant to, int period) {
    return Math.ceilDiv(to.getEpochSecond() - from.getEpochSecond(), period);
  }
}
