package dev.freeway.ecs;

import dev.freeway.containers.Container.State;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The awslogs driver: what containers write goes to CloudWatch Logs.
final class TaskLogs implements AutoCloseable {
  private final Platform platform;
  private final ContainerRuntime runtime;
  private final LogSink sink;
  private final Map<String, LogShipper> shippers = new ConcurrentHashMap<>();

  TaskLogs(Platform platform, ContainerRuntime runtime, LogSink sink) {
    this.sink = sink;
    this.platform = platform;
    this.runtime = runtime;
  }

  /// Where a container's lines go.
  record Destination(LogSink.Stream stream, boolean createGroup) {
    static Optional<Destination> of(StoredTask task, ContainerDefinition c) {
      if (c.logConfiguration() == null || !c.logConfiguration().logDriver().equals("awslogs")) {
        return Optional.empty();
      }
      Map<String, String> options =
          c.logConfiguration().options() == null ? Map.of() : c.logConfiguration().options();
      String prefix = options.get("awslogs-stream-prefix");
      Scope scope =
          new Scope(task.account(), options.getOrDefault("awslogs-region", task.region()));
      String name = (prefix == null ? "" : prefix + "/") + c.name() + "/" + task.id();
      return Optional.of(
          new Destination(
              new LogSink.Stream(scope, options.getOrDefault("awslogs-group", ""), name),
              "true".equals(options.get("awslogs-create-group"))));
    }
  }

  /// Makes the stream, and the group if asked to. Throws what stops a task whose logs have nowhere
  /// to go.
  void prepare(StoredTask task, ContainerDefinition c) throws StartFailure {
    if (c.logConfiguration() != null
        && !c.logConfiguration().logDriver().matches("awslogs|json-file")) {
      throw new StartFailure(
          "ResourceInitializationError: Freeway has the log drivers awslogs and json-file only, not "
              + c.logConfiguration().logDriver());
    }
    Destination to = Destination.of(task, c).orElse(null);
    if (to == null) {
      return;
    }
    try {
      if (to.createGroup()) {
        sink.createGroup(to.stream());
      }
      sink.createStream(to.stream());
    } catch (AwsException e) {
      throw new StartFailure(
          "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: "
              + e.code()
              + ": "
              + e.message()
              + " : exit status 1");
    }
  }

  /// Ships a container's lines, from where this stopped last. Does nothing when it is doing so.
  void ship(StoredTask task, ContainerDefinition c) {
    Destination.of(task, c)
        .ifPresent(
            to ->
                shippers.computeIfAbsent(
                    task.sandbox() + "." + c.name(),
                    id -> LogShipper.start(platform, runtime, sink, id, to.stream())));
  }

  /// Waits until every line of an ended container is in the log. Then its shipper is forgotten.
  void finish(StoredTask task, ContainerDefinition c) throws InterruptedException {
    String id = task.sandbox() + "." + c.name();
    try {
      boolean ran =
          runtime.inspect(id).filter(v -> !(v.state() instanceof State.Created)).isPresent();
      // The log of one that never ran has no end to wait for.
      if (ran && Destination.of(task, c).isPresent()) {
        ship(task, c);
      }
    } catch (ContainerException.NotFound e) {
      // Nothing to ship from.
    }
    LogShipper shipper = shippers.get(id);
    if (shipper != null && shipper.join(Duration.ofSeconds(60))) {
      shippers.remove(id);
      shipper.forget();
    }
  }

  @Override
  public void close() {
    shippers.values().forEach(LogShipper::close);
  }
}
