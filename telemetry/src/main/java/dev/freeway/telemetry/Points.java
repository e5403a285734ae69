package dev.freeway.telemetry;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Rows of the tables: what one writer does, under its lock.
final class Points {
  private static final int HOUR = 3600;
  private static final int REMEMBERED = 10_000;

  /// @param at in seconds of the epoch
  record Row(long at, String unit, Summary summary) {}

  private record Place(Metric metric, long at, int resolution, String unit) {}

  private record Series(long id, long last) {}

  private final Map<Metric, Series> remembered = new HashMap<>();

  void forget() {
    remembered.clear();
  }

  void add(Connection c, List<Sample> samples) throws SQLException {
    Map<Place, Summary> sums = new LinkedHashMap<>();
    for (Sample s : samples) {
      sums.merge(
          new Place(s.metric(), s.slot(), s.resolution(), s.unit()), s.summary(), Summary::plus);
    }
    for (Map.Entry<Place, Summary> e : sums.entrySet()) {
      Place p = e.getKey();
      add(c, series(c, p.metric(), p.at()), p.at(), p.resolution(), p.unit(), e.getValue());
    }
  }

  /// Adds to what the row has.
  static void add(Connection c, long series, long at, int resolution, String unit, Summary more)
      throws SQLException {
    Summary all = more;
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT count, sum, min, max, distribution FROM points"
                + " WHERE series = ? AND at = ? AND resolution = ? AND unit = ?")) {
      s.setLong(1, series);
      s.setLong(2, at);
      s.setInt(3, resolution);
      s.setString(4, unit);
      try (ResultSet r = s.executeQuery()) {
        if (r.next()) {
          all = summary(r, 1).plus(more);
        }
      }
    }
    try (PreparedStatement s =
        c.prepareStatement("INSERT OR REPLACE INTO points VALUES (?,?,?,?,?,?,?,?,?)")) {
      s.setLong(1, series);
      s.setLong(2, at);
      s.setInt(3, resolution);
      s.setString(4, unit);
      s.setDouble(5, all.count());
      s.setDouble(6, all.sum());
      s.setDouble(7, all.min());
      s.setDouble(8, all.max());
      s.setBytes(9, all.distribution() == null ? null : all.distribution().bytes());
      s.executeUpdate();
    }
  }

  private static Summary summary(ResultSet r, int first) throws SQLException {
    byte[] distribution = r.getBytes(first + 4);
    return new Summary(
        r.getDouble(first),
        r.getDouble(first + 1),
        r.getDouble(first + 2),
        r.getDouble(first + 3),
        distribution == null ? null : Distribution.read(distribution));
  }

  /// The row of a metric, made if need be; its last hour of activity is kept there.
  private long series(Connection c, Metric metric, long at) throws SQLException {
    Series known = remembered.get(metric);
    if (known != null && at < known.last() + HOUR) {
      return known.id();
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO series (owner, namespace, name, dimensions, last) VALUES (?,?,?,?,?)"
                + " ON CONFLICT DO UPDATE SET last = max(last, excluded.last)")) {
      s.setString(1, metric.owner());
      s.setString(2, metric.namespace());
      s.setString(3, metric.name());
      s.setString(4, Schema.text(metric.dimensions()));
      s.setLong(5, at);
      s.executeUpdate();
    }
    long id = series(c, metric);
    if (remembered.size() >= REMEMBERED) {
      remembered.clear();
    }
    remembered.put(metric, new Series(id, at));
    return id;
  }

  /// -1 when there is none.
  static long series(Connection c, Metric metric) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT id FROM series WHERE owner = ? AND namespace = ? AND name = ?"
                + " AND dimensions = ?")) {
      s.setString(1, metric.owner());
      s.setString(2, metric.namespace());
      s.setString(3, metric.name());
      s.setString(4, Schema.text(metric.dimensions()));
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? r.getLong(1) : -1;
      }
    }
  }

  /// Those that are kept by periods no longer than `period`.
  static List<Row> rows(Connection c, long series, long from, long to, int period, boolean shape)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT at, unit, count, sum, min, max, "
                + (shape ? "distribution" : "NULL")
                + " FROM points WHERE series = ? AND at >= ? AND at < ? AND resolution <= ?")) {
      s.setLong(1, series);
      s.setLong(2, from);
      s.setLong(3, to);
      s.setInt(4, period);
      return rows(s);
    }
  }

  static List<Row> rows(PreparedStatement s) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        rows.add(new Row(r.getLong(1), r.getString(2), summary(r, 3)));
      }
    }
    return rows;
  }
}
