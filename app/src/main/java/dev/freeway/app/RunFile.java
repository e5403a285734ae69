package dev.freeway.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// `run` in the data folder: which process serves it, and where.
record RunFile(long pid, int port) {
  private static Path file(Path data) {
    return data.resolve("run");
  }

  void write(Path data) throws IOException {
    Path next = data.resolve("run.next");
    Files.writeString(next, pid + " " + port + "\n");
    Files.move(
        next, file(data), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static void remove(Path data) throws IOException {
    Files.deleteIfExists(file(data));
  }

  /// The running server of this folder; empty when there is none.
  static Optional<RunFile> running(Path data) throws IOException {
    try {
      String[] words = Files.readString(file(data)).trim().split(" ");
      RunFile found = new RunFile(Long.parseLong(words[0]), Integer.parseInt(words[1]));
      return ProcessHandle.of(found.pid).filter(ProcessHandle::isAlive).map(p -> found);
    } catch (NoSuchFileException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  String endpoint() {
    return "http://localhost:" + port;
  }
}
