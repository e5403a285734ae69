package dev.freeway.containers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lines of a log, read by one thread.
public interface LogStream extends AutoCloseable {
  /// The next line; blocks while following a running container; null at the end, and once closed.
  @Nullable LogLine next() throws InterruptedException;

  @Override
  void close();

  /// All lines up to the end.
  default List<LogLine> readAll() throws InterruptedException {
    var lines = new ArrayList<LogLine>();
    for (var line = next(); line != null; line = next()) {
      lines.add(line);
    }
    return lines;
  }
}
