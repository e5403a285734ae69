package dev.freeway.sessions;

import java.util.List;

/// What a session runs in.
///
/// @param name as AWS calls a target: `ecs:CLUSTER_TASK_RUNTIMEID`
/// @param container its id at the runtime
/// @param owner key of the task or sandbox whose end is the session's
public record Target(String name, String container, String owner, List<String> command) {
  public Target {
    command = List.copyOf(command);
  }

  /// @param command as a user writes it; throws IllegalArgumentException when that is no command
  public static Target of(String name, String container, String owner, String command) {
    return new Target(name, container, owner, CommandLine.split(command));
  }
}
