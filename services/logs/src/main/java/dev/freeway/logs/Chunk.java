package dev.freeway.logs;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The events of one PutLogEvents, stored as one row: a build writes lines by the thousand.
record Chunk(long first, long last, long ingested, List<Line> lines) {
  // What AWS adds to the bytes of each event.
  private static final int OVERHEAD = 26;

  record Line(long at, String text) {}

  static Chunk of(List<Line> lines, long ingested) {
    return new Chunk(lines.getFirst().at(), lines.getLast().at(), ingested, lines);
  }

  long bytes() {
    return lines.stream()
        .mapToLong(l -> l.text().getBytes(StandardCharsets.UTF_8).length + OVERHEAD)
        .sum();
  }
}
