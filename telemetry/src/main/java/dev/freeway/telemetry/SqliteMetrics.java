package dev.freeway.telemetry;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Metrics in SQLite. Writers that come while another commits are committed together.
final class SqliteMetrics implements MetricStore {
  private final Database database;
  private final Points points = new Points();
  private final ConcurrentLinkedQueue<Ticket> waiting = new ConcurrentLinkedQueue<>();

  private static final class Ticket {
    final List<Sample> samples;
    boolean done;
    @Nullable RuntimeException failure;

    Ticket(List<Sample> samples) {
      this.samples = samples;
    }
  }

  SqliteMetrics(Database database) {
    this.database = database;
  }

  @Override
  public void put(List<Sample> samples) {
    if (samples.isEmpty()) {
      return;
    }
    Ticket mine = new Ticket(List.copyOf(samples));
    waiting.add(mine);
    database.writing.lock();
    try {
      // Whoever had the lock before may have written ours with its own.
      if (!mine.done) {
        writeAll();
      }
    } finally {
      database.writing.unlock();
    }
    if (mine.failure != null) {
      throw mine.failure;
    }
  }

  private void writeAll() {
    List<Ticket> batch = new ArrayList<>();
    for (Ticket t = waiting.poll(); t != null; t = waiting.poll()) {
      batch.add(t);
    }
    RuntimeException failure = null;
    try {
      database.write(
          c -> {
            points.add(c, batch.stream().flatMap(t -> t.samples.stream()).toList());
            return true;
          });
    } catch (TelemetryException | IllegalArgumentException e) {
      points.forget();
      failure = e;
    }
    for (Ticket t : batch) {
      t.done = true;
      t.failure = failure;
    }
  }

  @Override
  public List<Known> metrics(String owner, @Nullable String namespace, @Nullable String name) {
    if (!database.exists()) {
      return List.of();
    }
    String sql =
        "SELECT namespace, name, dimensions, last FROM series WHERE owner = ?"
            + (namespace == null ? "" : " AND namespace = ?")
            + (name == null ? "" : " AND name = ?")
            + " ORDER BY namespace, name, dimensions";
    return database.read(
        c -> {
          try (PreparedStatement s = c.prepareStatement(sql)) {
            int i = 1;
            s.setString(i++, owner);
            if (namespace != null) {
              s.setString(i++, namespace);
            }
            if (name != null) {
              s.setString(i, name);
            }
            List<Known> found = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                Metric m =
                    new Metric(
                        owner, r.getString(1), r.getString(2), Schema.dimensions(r.getString(3)));
                found.add(new Known(m, Instant.ofEpochSecond(r.getLong(4))));
              }
            }
            return found;
          }
        });
  }

  @Override
  public List<Point> read(Metric metric, Instant from, Instant to, int period, boolean shape) {
    if (!database.exists()) {
      return List.of();
    }
    record Slot(long at, String unit) {}
    TreeMap<Slot, Summary> slots =
        new TreeMap<>(java.util.Comparator.comparingLong(Slot::at).thenComparing(Slot::unit));
    long start = from.getEpochSecond();
    database.read(
        c -> {
          long series = Points.series(c, metric);
          if (series >= 0) {
            for (Points.Row row :
                Points.rows(c, series, start, to.getEpochSecond(), period, shape)) {
              long at = start + Math.floorDiv(row.at() - start, period) * period;
              slots.merge(new Slot(at, row.unit()), row.summary(), Summary::plus);
            }
          }
          return true;
        });
    return slots.entrySet().stream()
        .map(
            e -> new Point(Instant.ofEpochSecond(e.getKey().at()), e.getKey().unit(), e.getValue()))
        .toList();
  }

  @Override
  public void age(Instant now) {
    if (!database.exists()) {
      return;
    }
    for (long series : database.read(Aging::series)) {
      // One by one: samples are put in between.
      database.write(c -> age(c, series, now));
    }
    database.write(c -> Aging.forgetEmpty(c));
    points.forget();
  }

  private static boolean age(Connection c, long series, Instant now) throws SQLException {
    for (Aging tier : Aging.values()) {
      tier.run(c, series, now.getEpochSecond());
    }
    return true;
  }

  @Override
  public void close() {
    database.close();
  }
}
