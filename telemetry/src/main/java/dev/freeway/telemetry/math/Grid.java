package dev.freeway.telemetry.math;

import java.util.TreeMap;

/// The periods that a request asks about.
///
/// @param from start of the first, in seconds of the epoch
/// @param to where the last ends at the latest, exclusive
/// @param period in seconds, of what has none of its own
public record Grid(long from, long to, int period) {
  TimeSeries constant(double value) {
    TreeMap<Long, Double> all = new TreeMap<>();
    for (long t = from; t < to; t += period) {
      TimeSeries.put(all, t, value);
    }
    return new TimeSeries("", period, all);
  }
}
