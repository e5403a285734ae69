package dev.freeway.containers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A command to run in a running container, with the container's environment, user and directory
/// unless given.
public record ExecSpec(
    List<String> command,
    Map<String, String> environment,
    @Nullable String workingDirectory,
    @Nullable String user) {
  public ExecSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("no command");
    }
  }

  public static ExecSpec of(String... command) {
    return new ExecSpec(List.of(command), Map.of(), null, null);
  }
}
