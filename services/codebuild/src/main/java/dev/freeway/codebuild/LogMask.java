package dev.freeway.codebuild;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Values of parameters and secrets, which are not to be seen in a log: `***` stands for them.
/// Values of fewer than three characters are left alone: they are found everywhere.
///
/// @param values the longest first, so that one inside another does not uncover the rest of it
record LogMask(List<String> values) {
  static final LogMask NOTHING = new LogMask(List.of());
  private static final String INSTEAD = "***";
  private static final int SHORTEST = 3;

  /// A log comes line by line: of a value with several lines each is masked.
  static LogMask of(Collection<String> secrets) {
    return new LogMask(
        secrets.stream()
            .flatMap(String::lines)
            .map(String::strip)
            .filter(l -> l.length() >= SHORTEST)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList());
  }

  /// What [#write] has written; nothing when there is no such file.
  static LogMask read(Path file) {
    try {
      return Files.exists(file) ? of(Files.readAllLines(file)) : NOTHING;
    } catch (IOException e) {
      throw new UncheckedIOException("the values that a log must not show", e);
    }
  }

  /// Keeps the values for a restart, where only Freeway's own user can read them.
  void write(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, values, StandardOpenOption.WRITE);
  }

  String hide(String line) {
    String hidden = line;
    for (String value : values) {
      hidden = hidden.replace(value, INSTEAD);
    }
    return hidden;
  }
}
