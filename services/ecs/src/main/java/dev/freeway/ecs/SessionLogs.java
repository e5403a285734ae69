package dev.freeway.ecs;

import dev.freeway.ecs.api.Cluster;
import dev.freeway.ecs.api.ExecuteCommandConfiguration;
import dev.freeway.ecs.api.ExecuteCommandLogConfiguration;
import dev.freeway.platform.Authorizer;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.ServiceRole;
import dev.freeway.sessions.Transcript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where transcripts of sessions go: DEFAULT, to the container's own log group; OVERRIDE, where the
/// cluster says; NONE. See "Logging and auditing using ECS Exec" in the developer guide.
final class SessionLogs {
  private final Platform platform;
  private final LogSink sink;

  SessionLogs(Platform platform, LogSink sink) {
    this.platform = platform;
    this.sink = sink;
  }

  /// @param role asked whether it may, where policies are enforced; null where they are not
  /// @param key of the object in the bucket
  record Destination(
      Scope scope,
      LogSink.@Nullable Stream stream,
      @Nullable String bucket,
      String key,
      @Nullable ServiceRole role) {
    /// Throws AccessDenied.
    void need(String... actions) {
      for (String action : actions) {
        if (role != null) {
          role.need(action, resource(action));
        }
      }
    }

    private String resource(String action) {
      if (action.startsWith("s3:") || stream == null) {
        return "arn:aws:s3:::" + bucket + "/" + key;
      }
      String name = "log-group:" + stream.group() + ":log-stream:" + stream.name();
      return scope.arn("logs", name).toString();
    }
  }

  /// Of one session in a container of the task.
  Transcript of(StoredTask task, Cluster cluster, String container, String session) {
    Destination to = destination(task, cluster, container, session).orElse(null);
    return to == null
        ? Transcript.NONE
        : new SessionLog(platform, sink, to, directory().resolve(session));
  }

  /// Of sessions that a crash has ended: nobody has said how they went on, so nothing is told.
  void dropUnfinished() {
    Path all = directory();
    if (!Files.isDirectory(all)) {
      return;
    }
    try (var files = Files.list(all)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path directory() {
    return platform.settings().data().resolve("state").resolve("ecs").resolve("sessions");
  }

  private Optional<Destination> destination(
      StoredTask task, Cluster cluster, String container, String session) {
    ExecuteCommandConfiguration c =
        cluster.configuration() == null
            ? null
            : cluster.configuration().executeCommandConfiguration();
    String logging = c == null || c.logging() == null ? "DEFAULT" : c.logging();
    ExecuteCommandLogConfiguration own = c == null ? null : c.logConfiguration();
    String group = null;
    String bucket = null;
    String prefix = "";
    if (logging.equals("DEFAULT")) {
      group =
          TaskLogs.Destination.of(task, task.definition(container))
              .map(d -> d.stream().group())
              .orElse(null);
    } else if (logging.equals("OVERRIDE") && own != null) {
      group = own.cloudWatchLogGroupName();
      bucket = own.s3BucketName();
      prefix = own.s3KeyPrefix() == null ? "" : own.s3KeyPrefix().replaceFirst("/+$", "") + "/";
    }
    if (group == null && bucket == null) {
      return Optional.empty();
    }
    String arn = task.definition().taskRoleArn();
    ServiceRole role =
        arn == null || platform.authorizer().get() == Authorizer.PERMIT_ALL
            ? null
            : ServiceRole.of(
                platform, platform.background(task.scope(), "ecs-tasks"), arn, task.id());
    return Optional.of(
        new Destination(
            task.scope(),
            group == null ? null : new LogSink.Stream(task.scope(), group, session),
            bucket,
            prefix + session + ".log",
            role));
  }
}
