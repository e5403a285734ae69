package dev.freeway.telemetry;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// How values are spread: exact for up to 150 different ones, then within 0.5 % of each.
public final class Distribution {
  private static final int EXACT = 150;
  private static final double WIDTH = Math.log(1.01);

  private final double[] values;
  private final double[] weights;

  private Distribution(double[] values, double[] weights) {
    this.values = values;
    this.weights = weights;
  }

  static Distribution of(double value, double weight) {
    return new Distribution(new double[] {value}, new double[] {weight});
  }

  Distribution plus(Distribution other) {
    TreeMap<Double, Double> all = new TreeMap<>();
    addTo(all, false);
    other.addTo(all, false);
    if (all.size() > EXACT) {
      all.clear();
      addTo(all, true);
      other.addTo(all, true);
    }
    return of(all);
  }

  private static Distribution of(TreeMap<Double, Double> all) {
    double[] values = new double[all.size()];
    double[] weights = new double[all.size()];
    int i = 0;
    for (Map.Entry<Double, Double> e : all.entrySet()) {
      values[i] = e.getKey();
      weights[i++] = e.getValue();
    }
    return new Distribution(values, weights);
  }

  private void addTo(TreeMap<Double, Double> all, boolean rounded) {
    for (int i = 0; i < values.length; i++) {
      all.merge(rounded ? rounded(values[i]) : values[i] + 0.0, weights[i], Double::sum);
    }
  }

  // The middle of a bucket 1 % wide: rounding it again gives itself.
  private static double rounded(double value) {
    if (value == 0) {
      return 0;
    }
    double bucket = Math.floor(Math.log(Math.abs(value)) / WIDTH);
    return Math.copySign(Math.exp((bucket + 0.5) * WIDTH), value);
  }

  double total() {
    return Arrays.stream(weights).sum();
  }

  /// The least value that `percent` of all are not above.
  public double percentile(double percent) {
    double rank = total() * percent / 100;
    double below = 0;
    for (int i = 0; i < values.length; i++) {
      below += weights[i];
      // Half a millionth: sums of weights are not exact.
      if (below >= rank - 5e-7) {
        return values[i];
      }
    }
    return values[values.length - 1];
  }

  /// The part between two ranks, each a share of all from 0 to 1. What lies across an edge counts
  /// for its share.
  Distribution between(double from, double to) {
    double total = total();
    double low = from * total;
    double high = to * total;
    TreeMap<Double, Double> kept = new TreeMap<>();
    double at = 0;
    for (int i = 0; i < values.length; i++) {
      double weight = Math.min(at + weights[i], high) - Math.max(at, low);
      at += weights[i];
      if (weight > 1e-9) {
        kept.put(values[i], weight);
      }
    }
    return of(kept);
  }

  /// The part whose values lie above `low` and not above `high`.
  Distribution within(double low, double high) {
    TreeMap<Double, Double> kept = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] > low && values[i] <= high) {
        kept.put(values[i], weights[i]);
      }
    }
    return of(kept);
  }

  double sum() {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * weights[i];
    }
    return sum;
  }

  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(16 * values.length);
    for (int i = 0; i < values.length; i++) {
      out.putDouble(values[i]).putDouble(weights[i]);
    }
    return out.array();
  }

  static Distribution read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    double[] values = new double[bytes.length / 16];
    double[] weights = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.getDouble();
      weights[i] = in.getDouble();
    }
    return new Distribution(values, weights);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Distribution d
        && Arrays.equals(values, d.values)
        && Arrays.equals(weights, d.weights);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values) + " × " + Arrays.toString(weights);
  }
}
