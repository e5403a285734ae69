package dev.freeway.ecs;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/// The address at which each task learns about itself and gets its role's credentials, inside its
/// own network: who asks there is that task.
final class TaskEndpoints implements AutoCloseable {
  static final String ADDRESS = "169.254.170.2";
  private static final int PORT = 80;

  /// Where it is when a container of the task serves on port 80 itself: of all addresses of one
  /// network a port is one socket's.
  private static final int OTHER_PORT = 51680;

  private static final System.Logger LOG = System.getLogger(TaskEndpoints.class.getName());

  private final Platform platform;
  private final Tasks tasks;
  private final ContainerRuntime runtime;
  private final TaskMetadata metadata;
  private final TaskCredentials credentials;
  private final Map<String, Optional<ServerSocketChannel>> open = new ConcurrentHashMap<>();

  TaskEndpoints(Platform platform, Tasks tasks, ContainerRuntime runtime) {
    this.platform = platform;
    this.tasks = tasks;
    this.runtime = runtime;
    this.metadata = new TaskMetadata(runtime);
    this.credentials = new TaskCredentials(platform);
  }

  /// Opens it unless it is open. False where the runtime offers no such thing.
  boolean open(StoredTask task) {
    return open.computeIfAbsent(task.key(), key -> listen(task)).isPresent();
  }

  private Optional<ServerSocketChannel> listen(StoredTask task) {
    try {
      ServerSocketChannel server = runtime.listen(task.sandbox(), ADDRESS, port(task));
      Thread.ofVirtual().name("metadata of " + task.id()).start(() -> serve(task.key(), server));
      return Optional.of(server);
    } catch (ContainerException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "task {0} has no metadata and no credentials: {1}",
          task.id(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private static int port(StoredTask task) {
    boolean taken =
        task.definition().containerDefinitions().stream()
            .filter(c -> c.portMappings() != null)
            .flatMap(c -> c.portMappings().stream())
            .anyMatch(p -> p.containerPort() != null && p.containerPort() == PORT);
    return taken ? OTHER_PORT : PORT;
  }

  /// Variables of a container that lead to it.
  Map<String, String> environment(StoredTask task, ContainerDefinition c) {
    if (!open(task)) {
      return Map.of();
    }
    Map<String, String> all = new java.util.LinkedHashMap<>();
    int port = port(task);
    String base = "http://" + ADDRESS + (port == PORT ? "" : ":" + port);
    all.put("ECS_CONTAINER_METADATA_URI", base + "/v3/" + c.name());
    all.put("ECS_CONTAINER_METADATA_URI_V4", base + "/v4/" + c.name());
    if (task.definition().taskRoleArn() != null) {
      String path = "/v2/credentials/" + task.id();
      // SDKs complete the relative one with the address and its usual port.
      if (port == PORT) {
        all.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path);
      } else {
        all.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", base + path);
      }
    }
    return all;
  }

  private void serve(String taskKey, ServerSocketChannel server) {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        Thread.ofVirtual().name("metadata").start(() -> answer(taskKey, connection));
      }
    } catch (IOException closed) {
      // The task is over, or Freeway is.
    }
  }

  private record Answer(int status, Object body) {}

  private void answer(String taskKey, SocketChannel connection) {
    try (connection) {
      var in =
          new BufferedReader(
              new InputStreamReader(
                  Channels.newInputStream(connection), StandardCharsets.ISO_8859_1));
      String request = in.readLine();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        // Headers say nothing that matters here.
      }
      if (request == null) {
        return;
      }
      String[] words = request.split(" ");
      Answer answer =
          words.length < 2 || !words[0].equals("GET")
              ? new Answer(405, Map.of("error", "only GET is answered here"))
              : look(taskKey, words[1]);
      byte[] body = JsonMapper.shared().writeValueAsBytes(answer.body());
      String head =
          "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(answer.status(), answer.status() == 200 ? "OK" : "Error", body.length);
      write(connection, head.getBytes(StandardCharsets.US_ASCII));
      write(connection, body);
    } catch (IOException wentAway) {
      // Nobody is left to be told.
    }
  }

  private static void write(SocketChannel to, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
  }

  private Answer look(String taskKey, String path) {
    StoredTask task = tasks.find(taskKey).orElse(null);
    if (task == null) {
      return new Answer(404, Map.of("error", "the task is over"));
    }
    try {
      String[] p = path.replaceFirst("\\?.*", "").split("/");
      Object found = p.length < 3 ? null : find(task, p);
      return found != null
          ? new Answer(200, found)
          : new Answer(404, Map.of("error", "nothing is at " + path));
    } catch (AwsException e) {
      return new Answer(400, Map.of("code", e.code(), "message", e.message()));
    } catch (ContainerException e) {
      return new Answer(500, Map.of("error", String.valueOf(e.getMessage())));
    }
  }

  private @org.jspecify.annotations.Nullable Object find(StoredTask task, String[] p) {
    if (p[1].equals("v2") && p[2].equals("credentials")) {
      String role = task.definition().taskRoleArn();
      boolean own = p.length == 4 && p[3].equals(task.id());
      return own && role != null ? credentials.of(task, role) : null;
    }
    ContainerDefinition c =
        task.definition().containerDefinitions().stream()
            .filter(x -> x.name().equals(p[2]))
            .findFirst()
            .orElse(null);
    if (c == null || !p[1].equals("v4") && !p[1].equals("v3")) {
      return null;
    }
    String id = task.container(c.name()).runtimeId();
    return switch (String.join("/", java.util.Arrays.copyOfRange(p, 3, p.length))) {
      case "" -> metadata.container(task, c);
      case "task" -> metadata.task(task, false);
      case "taskWithTags" -> metadata.task(task, true);
      case "stats" ->
          id == null ? null : metadata.statistics(c.name(), id, platform.clock().instant());
      case "task/stats" -> metadata.statistics(task, platform.clock().instant());
      default -> null;
    };
  }

  void close(StoredTask task) {
    credentials.forget(task);
    Optional<ServerSocketChannel> server = open.remove(task.key());
    if (server != null) {
      server.ifPresent(TaskEndpoints::close);
    }
  }

  private static void close(ServerSocketChannel server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    open.values().forEach(server -> server.ifPresent(TaskEndpoints::close));
    open.clear();
  }
}
