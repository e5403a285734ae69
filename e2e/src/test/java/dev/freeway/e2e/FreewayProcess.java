package dev.freeway.e2e;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A server of its own on a folder of its own, started by the launcher as a user would.
final class FreewayProcess implements AutoCloseable {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private final Path data;
  private final int port;
  private final List<String> options;

  private FreewayProcess(Path data, int port, List<String> options) {
    this.data = data;
    this.port = port;
    this.options = options;
  }

  /// @param options of `freeway up`
  static FreewayProcess start(String... options) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("freeway-e2e");
    for (int left = 3; ; left--) {
      int port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      FreewayProcess server = new FreewayProcess(data, port, List.of(options));
      try {
        server.up();
        return server;
      } catch (IOException e) {
        // Somebody else may have taken the port since.
        if (left == 0 || !String.valueOf(e.getMessage()).contains("is in use")) {
          throw e;
        }
      }
    }
  }

  void up() throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(HOME.resolve("freeway").toString(), "up", "--detach"));
    command.addAll(List.of("--port", Integer.toString(port), "--data", data.toString()));
    command.addAll(options);
    Commands.Result up = Commands.in(HOME).run(command.toArray(String[]::new));
    if (up.code() != 0) {
      throw new IOException("freeway did not start: " + up.output());
    }
  }

  /// `kill -9`, and nothing else.
  void kill() throws IOException, InterruptedException {
    ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  long pid() throws IOException {
    return Long.parseLong(Files.readString(data.resolve("run")).split(" ")[0]);
  }

  String endpoint() {
    return "http://localhost:" + port;
  }

  int port() {
    return port;
  }

  Path data() {
    return data;
  }

  Path home() {
    return HOME;
  }

  /// Commands that find this server as AWS tools do.
  Commands commands(Path directory) {
    return Commands.in(directory)
        .with("AWS_ENDPOINT_URL", endpoint())
        .with("AWS_ACCESS_KEY_ID", "000000000000")
        .with("AWS_SECRET_ACCESS_KEY", "e2e")
        .with("AWS_DEFAULT_REGION", "us-east-1")
        .with("AWS_PAGER", "")
        .with("GIT_TERMINAL_PROMPT", "0");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    java.net.http.HttpClient http = java.net.http.HttpClient.newHttpClient();
    try (http) {
      // Containers are removed with the state.
      http.send(
          java.net.http.HttpRequest.newBuilder(java.net.URI.create(endpoint() + "/_freeway/reset"))
              .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
              .build(),
          java.net.http.HttpResponse.BodyHandlers.discarding());
    } finally {
      Commands.in(HOME).run(HOME.resolve("freeway").toString(), "down", "--data", data.toString());
    }
    try (var all = Files.walk(data)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    }
  }

  static boolean installed(String command) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(d -> Files.isExecutable(Path.of(d, command)));
  }
}
