package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Authorizer;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import dev.freeway.platform.ServiceRole;
import dev.freeway.sessions.Sessions;
import dev.freeway.sessions.Target;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// ECS Exec: a session in a running container, for a client that speaks Session Manager's data
/// channel. Commands run as root, as on AWS.
final class ExecuteCommand implements Handler<ExecuteCommandRequest, ExecuteCommandResponse> {
  private static final String NO_AGENT =
      "The execute command failed because execute command was not enabled when the task was run or the execute command agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.";

  /// What the agent in a task needs of the task's role.
  private static final List<String> CHANNELS =
      List.of(
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel");

  private final Platform platform;
  private final Clusters clusters;
  private final Tasks tasks;
  private final Sessions sessions;
  private final SessionLogs logs;

  ExecuteCommand(
      Platform platform, Clusters clusters, Tasks tasks, Sessions sessions, SessionLogs logs) {
    this.platform = platform;
    this.clusters = clusters;
    this.tasks = tasks;
    this.sessions = sessions;
    this.logs = logs;
  }

  private record Found(Cluster cluster, StoredTask task) {}

  @Override
  public ExecuteCommandResponse handle(Call call, ExecuteCommandRequest in) {
    if (!Boolean.TRUE.equals(in.interactive())) {
      throw EcsErrors.invalidParameterException(
          "Interactive is the only mode supported currently.");
    }
    Found found =
        platform
            .store()
            .read(
                tx -> {
                  Cluster c = clusters.require(tx, call.scope(), in.cluster());
                  return new Found(c, tasks.require(tx, call.scope(), c.clusterName(), in.task()));
                });
    StoredTask task = found.task();
    Container container = container(task, in.container());
    if (!Boolean.TRUE.equals(task.task().enableExecuteCommand())) {
      throw EcsErrors.invalidParameterException(NO_AGENT);
    }
    if (!task.is("RUNNING") || !task.isWanted()) {
      throw EcsErrors.invalidParameterException(
          "The execute command failed because the task is not in the RUNNING state.");
    }
    if (!ExecAgent.runs(container) || !mayConnect(task)) {
      throw EcsErrors.invalidParameterException(NO_AGENT);
    }
    Sessions.Ticket ticket =
        sessions.offer(
            target(task, container, in.command()),
            session -> logs.of(task, found.cluster(), container.name(), session));
    return ExecuteCommandResponse.builder()
        .clusterArn(task.task().clusterArn())
        .containerArn(container.containerArn())
        .containerName(container.name())
        .interactive(true)
        .taskArn(task.task().taskArn())
        .session(
            Session.builder()
                .sessionId(ticket.session())
                .streamUrl(call.endpoint().replaceFirst("^http", "ws") + ticket.path())
                .tokenValue(ticket.token())
                .build())
        .build();
  }

  private static Container container(StoredTask task, @Nullable String name) {
    List<Container> all = task.task().containers();
    if (name == null && all.size() > 1) {
      throw EcsErrors.invalidParameterException(
          "The container name is required when a task has more than one container.");
    }
    return all.stream()
        .filter(c -> name == null || c.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                EcsErrors.invalidParameterException(
                    "Container with name " + name + " is not in the task."));
  }

  private static Target target(StoredTask task, Container c, String command) {
    String runtime = String.valueOf(c.runtimeId());
    String name = "ecs:%s_%s_%s".formatted(task.cluster(), task.id(), runtime);
    try {
      return Target.of(name, runtime, task.key(), command);
    } catch (IllegalArgumentException e) {
      throw EcsErrors.invalidParameterException("Invalid command: " + e.getMessage() + ".");
    }
  }

  /// Where policies are enforced the agent gets no channel without the task's role.
  private boolean mayConnect(StoredTask task) {
    if (platform.authorizer().get() == Authorizer.PERMIT_ALL) {
      return true;
    }
    String arn = task.definition().taskRoleArn();
    if (arn == null) {
      return false;
    }
    Call call = platform.background(task.scope(), "ecs-tasks");
    ServiceRole role = ServiceRole.of(platform, call, arn, task.id());
    try {
      CHANNELS.forEach(action -> role.need(action, "*"));
      return true;
    } catch (AwsException e) {
      return false;
    }
  }
}
