package dev.freeway.cloudwatch;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Measured;
import dev.freeway.platform.Platform;
import dev.freeway.telemetry.Metric;
import dev.freeway.telemetry.MetricStore;
import dev.freeway.telemetry.Sample;
import dev.freeway.telemetry.Summary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/// Takes what the services have measured, every minute, before alarms are looked at.
final class Taking implements Reconciler {
  static final String KIND = "cloudwatch.measures";

  private final Platform platform;
  private final MetricStore metrics;
  private final Retention retention;

  Taking(Platform platform, MetricStore metrics, Retention retention) {
    this.platform = platform;
    this.metrics = metrics;
    this.retention = retention;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Instant now = platform.clock().instant();
    long minute = Math.floorDiv(now.getEpochSecond(), 60) * 60;
    List<Sample> samples =
        platform.measures().take(Instant.ofEpochSecond(minute - 1)).stream()
            .map(Taking::sample)
            .toList();
    if (!samples.isEmpty()) {
      metrics.put(samples);
      retention.begin();
    }
    Duration next = Duration.between(now, Instant.ofEpochSecond(minute + 61));
    return Outcome.retryAfter(next);
  }

  private static Sample sample(Measured m) {
    Metric metric =
        new Metric(
            Dimensions.owner(m.scope()), m.namespace(), m.name(), new TreeMap<>(m.dimensions()));
    return new Sample(metric, m.unit(), m.at(), 60, Summary.of(m.values(), m.counts(), m.sum()));
  }
}
