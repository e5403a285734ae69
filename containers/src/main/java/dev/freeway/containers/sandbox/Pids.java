package dev.freeway.containers.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// The processes of a started container, with their start times: a process id alone may be
/// another's after a while.
record Pids(long supervisor, long supervisorStart, long init, long initStart, Instant startedAt) {
  /// Null when the supervisor has not got that far.
  static @Nullable Pids read(Path container) throws IOException {
    try {
      var words = Files.readString(container.resolve("pids")).strip().split(" ");
      return new Pids(
          Long.parseLong(words[0]),
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          Instant.EPOCH.plus(Long.parseLong(words[4]), ChronoUnit.MICROS));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  boolean supervised() {
    return alive(supervisor, supervisorStart);
  }

  boolean initAlive() {
    return alive(init, initStart);
  }

  private static boolean alive(long pid, long start) {
    try {
      var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      var words = stat.substring(stat.lastIndexOf(") ") + 2).split(" ");
      return !words[0].equals("Z") && Long.parseLong(words[19]) == start;
    } catch (IOException gone) {
      return false;
    }
  }
}
