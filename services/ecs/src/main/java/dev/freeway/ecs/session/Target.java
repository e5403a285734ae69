package dev.freeway.ecs.session;

import java.util.List;

/// What a session runs in.
///
/// @param name as AWS calls a target: `ecs:CLUSTER_TASK_RUNTIMEID`
/// @param container its id at the runtime
/// @param task key of the task, whose end is the session's
public record Target(String name, String container, String task, List<String> command) {
  public Target {
    command = List.copyOf(command);
  }

  /// @param command as a user writes it; throws IllegalArgumentException when that is no command
  public static Target of(String name, String container, String task, String command) {
    return new Target(name, container, task, CommandLine.split(command));
  }
}
