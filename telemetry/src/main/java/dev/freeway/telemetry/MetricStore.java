package dev.freeway.telemetry;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where metrics are kept. Safe for use by many threads.
///
/// Samples of the same metric, unit and second (or minute) are added up when they are put. With age
/// they are kept by longer periods, as CloudWatch does: single seconds for 3 hours, minutes for 15
/// days, five minutes for 63 days, hours for 455 days.
public interface MetricStore extends AutoCloseable {

  /// Returns once all of them are on disk, or none is.
  ///
  /// @throws TelemetryException the disk refused: nothing was kept
  void put(List<Sample> samples);

  /// The metrics of an owner, by namespace, name and dimensions.
  List<Known> metrics(String owner, @Nullable String namespace, @Nullable String name);

  /// What was measured from `from` (inclusive) to `to` (exclusive), by periods of so many seconds
  /// that begin at `from`, in order of time, then unit. Periods without samples are left out; so is
  /// what is only kept by longer periods than asked for.
  ///
  /// @param shape whether to read distributions too, which only percentiles need
  List<Point> read(Metric metric, Instant from, Instant to, int period, boolean shape);

  /// Adds up what is old enough into longer periods, and forgets what is older than any.
  void age(Instant now);

  @Override
  void close();

  /// In a folder, which is made when the first sample is put.
  static MetricStore open(Path folder) {
    return new SqliteMetrics(Database.in(folder));
  }

  /// For tests: in memory.
  static MetricStore ephemeral() {
    return new SqliteMetrics(Database.inMemory());
  }
}
