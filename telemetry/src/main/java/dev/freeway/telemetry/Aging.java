package dev.freeway.telemetry;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What becomes of samples of one resolution when they are old.
enum Aging {
  SECONDS(1, 3 * 3600, 60),
  MINUTES(60, 15 * 86_400, 300),
  FIVE_MINUTES(300, 63 * 86_400, 3600),
  HOURS(3600, 455 * 86_400, 0);

  private final int resolution;
  private final int kept;
  private final int next;

  /// @param kept for how many seconds
  /// @param next the resolution after that; 0 for none
  Aging(int resolution, int kept, int next) {
    this.resolution = resolution;
    this.kept = kept;
    this.next = next;
  }

  void run(Connection c, long series, long now) throws SQLException {
    // Whole periods of the next resolution only: a half of one would be added up twice.
    long step = Math.max(1, next);
    long before = Math.floorDiv(now - kept, step) * step;
    if (next > 0) {
      for (Points.Row row : old(c, series, before)) {
        long at = Math.floorDiv(row.at(), next) * next;
        Points.add(c, series, at, next, row.unit(), row.summary());
      }
    }
    try (PreparedStatement s =
        c.prepareStatement("DELETE FROM points WHERE series = ? AND at < ? AND resolution = ?")) {
      s.setLong(1, series);
      s.setLong(2, before);
      s.setInt(3, resolution);
      s.executeUpdate();
    }
  }

  private List<Points.Row> old(Connection c, long series, long before) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT at, unit, count, sum, min, max, distribution FROM points"
                + " WHERE series = ? AND at < ? AND resolution = ?")) {
      s.setLong(1, series);
      s.setLong(2, before);
      s.setInt(3, resolution);
      return Points.rows(s);
    }
  }

  static List<Long> series(Connection c) throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (PreparedStatement s = c.prepareStatement("SELECT id FROM series");
        ResultSet r = s.executeQuery()) {
      while (r.next()) {
        ids.add(r.getLong(1));
      }
    }
    return ids;
  }

  static boolean forgetEmpty(Connection c) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM points WHERE points.series = series.id)")) {
      s.executeUpdate();
    }
    return true;
  }
}
