package dev.freeway.containers.build;

import dev.freeway.containers.LogLine;
import dev.freeway.containers.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs the commands of RUN instructions. One is made per build, and closed at its end.
public interface Runner extends AutoCloseable {
  /// What a RUN instruction asks for.
  ///
  /// @param layers of the root so far, topmost first
  record Command(
      List<Path> layers,
      List<String> words,
      Map<String, String> environment,
      String workingDirectory,
      String user,
      List<Mount> mounts) {}

  /// What to do with the files a command wrote: an overlay's upper directory.
  interface Written {
    void take(Path directory) throws IOException;
  }

  /// Runs a command to its end; hands over what it wrote when it ended well. Returns its exit code.
  int run(Command command, Consumer<LogLine> output, Written written)
      throws IOException, InterruptedException;

  @Override
  void close();
}
