package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;

/// ECS Exec. What AWS refuses is refused as there; a session itself needs Session Manager's data
/// channel, which Freeway does not have, and that is said.
final class ExecuteCommand implements Handler<ExecuteCommandRequest, ExecuteCommandResponse> {
  private final Platform platform;
  private final Clusters clusters;
  private final Tasks tasks;

  ExecuteCommand(Platform platform, Clusters clusters, Tasks tasks) {
    this.platform = platform;
    this.clusters = clusters;
    this.tasks = tasks;
  }

  @Override
  public ExecuteCommandResponse handle(Call call, ExecuteCommandRequest in) {
    StoredTask task =
        platform
            .store()
            .read(
                tx ->
                    tasks.require(
                        tx,
                        call.scope(),
                        clusters.require(tx, call.scope(), in.cluster()).clusterName(),
                        in.task()));
    boolean known =
        in.container() == null
            ? task.definition().containerDefinitions().size() == 1
            : task.definition().containerDefinitions().stream()
                .anyMatch(c -> c.name().equals(in.container()));
    if (!known) {
      throw EcsErrors.invalidParameterException(
          in.container() == null
              ? "The container name is required when a task has more than one container."
              : "Container with name " + in.container() + " is not in the task.");
    }
    if (!Boolean.TRUE.equals(task.task().enableExecuteCommand())) {
      throw EcsErrors.invalidParameterException(
          "The execute command failed because execute command was not enabled when the task was run or the execute command agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.");
    }
    if (!task.is("RUNNING")) {
      throw EcsErrors.invalidParameterException(
          "The execute command failed because the task is not in the RUNNING state.");
    }
    throw EcsErrors.targetNotConnectedException(
        "The execute command failed: Freeway has no Session Manager data channel. Look into the container from the machine instead.");
  }
}
