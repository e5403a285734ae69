package dev.freeway.telemetry;

import java.time.Instant;

/// Something that was measured.
///
/// @param unit one of CloudWatch's: `Count`, `Seconds`, … `None`
/// @param resolution in seconds: 1 keeps samples of one second apart, 60 those of a minute
public record Sample(Metric metric, String unit, Instant at, int resolution, Summary summary) {
  public Sample {
    if (resolution != 1 && resolution != 60) {
      throw new IllegalArgumentException("resolution " + resolution);
    }
  }

  /// The start of the second or minute it is kept under, in seconds of the epoch.
  long slot() {
    return Math.floorDiv(at.getEpochSecond(), resolution) * resolution;
  }
}
