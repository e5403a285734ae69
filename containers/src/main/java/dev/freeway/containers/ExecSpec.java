package dev.freeway.containers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A command to run in a running container, with the container's environment, user and directory
/// unless given.
///
/// @param terminal null: it gets pipes. Else it leads a session on a terminal of this size; both of
///   its outputs are one, and when its input is closed the session is hung up
public record ExecSpec(
    List<String> command,
    Map<String, String> environment,
    @Nullable String workingDirectory,
    @Nullable String user,
    @Nullable TerminalSize terminal) {
  public ExecSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("no command");
    }
  }

  public static ExecSpec of(String... command) {
    return new ExecSpec(List.of(command), Map.of(), null, null, null);
  }
}
