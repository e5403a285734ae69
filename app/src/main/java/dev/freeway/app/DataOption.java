package dev.freeway.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the state is, on every command that needs it.
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where state is kept (default: $FREEWAY_DATA, else ~/.freeway)")
  @Nullable Path data;

  Path path() {
    if (data != null) {
      return data.toAbsolutePath().normalize();
    }
    String fromEnvironment = System.getenv("FREEWAY_DATA");
    Path chosen =
        fromEnvironment == null
            ? Path.of(System.getProperty("user.home"), ".freeway")
            : Path.of(fromEnvironment);
    return chosen.toAbsolutePath().normalize();
  }
}
