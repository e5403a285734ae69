package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ExitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/// Waits for containers to end: one request to the engine for each that somebody waits for.
final class Exits {
  private final Engine engine;
  private final Map<String, CompletableFuture<ExitStatus>> awaited = new ConcurrentHashMap<>();
  private final Map<String, Thread> watching = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Exits(Engine engine) {
    this.engine = engine;
  }

  /// @param container its name in the engine
  Optional<ExitStatus> await(String container, Duration atMost) throws InterruptedException {
    var exit = awaited.computeIfAbsent(container, key -> new CompletableFuture<>());
    // Only now: who starts or removes it meanwhile finds the future.
    look(container, exit);
    try {
      return Optional.of(exit.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException runsOn) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ContainerException known
          ? known
          : new ContainerException.Failed("waiting for " + container, e);
    }
  }

  private void look(String container, CompletableFuture<ExitStatus> exit) {
    JsonNode found;
    try {
      found = engine.get("/containers/" + container + "/json");
    } catch (ContainerException.NotFound e) {
      fail(container, e);
      return;
    }
    var over = status(found);
    if (over.isPresent()) {
      exit.complete(over.get());
    } else if (!found.path("State").path("Status").asString().equals("created")) {
      watch(container);
    }
  }

  /// Call when a container was started.
  void started(String container) {
    if (awaited.containsKey(container)) {
      watch(container);
    }
  }

  private void watch(String container) {
    watching.computeIfAbsent(
        container,
        key -> Thread.ofVirtual().name("wait-" + container).start(() -> follow(container)));
  }

  private void follow(String container) {
    try {
      engine.post("/containers/" + container + "/wait", null);
      var over = status(engine.get("/containers/" + container + "/json"));
      var exit = awaited.get(container);
      if (exit != null && over.isPresent()) {
        exit.complete(over.get());
      }
    } catch (ContainerException | Engine.Interrupted e) {
      if (!closed) {
        fail(
            container,
            e instanceof ContainerException known
                ? known
                : new ContainerException.Unavailable("interrupted"));
      }
    } finally {
      watching.remove(container);
    }
  }

  private void fail(String container, ContainerException why) {
    var exit = awaited.remove(container);
    if (exit != null) {
      exit.completeExceptionally(why);
    }
  }

  /// Call when a container was removed.
  void removed(String container) {
    fail(container, new ContainerException.NotFound("container " + container + " was removed"));
  }

  /// How a container ended; empty while it has not.
  Optional<ExitStatus> status(JsonNode inspected) {
    var state = inspected.path("State");
    int code = state.path("ExitCode").asInt();
    var name = state.path("Status").asString();
    boolean neverRan = name.equals("created") && code != 0;
    if (!name.equals("exited") && !name.equals("dead") && !neverRan) {
      return Optional.empty();
    }
    var reason = state.path("Error").asString("");
    if (reason.isEmpty() && (code == 127 || code == 126)) {
      reason = lastWords(inspected);
    }
    var at = Instant.parse(state.path("FinishedAt").asString());
    return Optional.of(
        new ExitStatus(
            code,
            state.path("OOMKilled").asBoolean(),
            reason,
            at.getEpochSecond() < 0 ? Instant.now() : at));
  }

  /// The engine's init says on stderr that it cannot run a command, then ends with 126 or 127.
  private String lastWords(JsonNode inspected) {
    var target =
        "/containers/" + inspected.path("Id").asString() + "/logs?stderr=true&stdout=true&tail=1";
    try (var answer = engine.open("GET", target, Map.of(), null)) {
      var frame = new Frames(answer.body()).next();
      var line = frame == null ? "" : new String(frame.bytes(), StandardCharsets.UTF_8).strip();
      if (!line.matches("\\[FATAL tini.*|ERROR \\(catatonit.*")) {
        return "";
      }
      var command = inspected.path("Config").path("Entrypoint").path(0).asString("");
      return line.contains("No such file")
          ? "no such command: " + command
          : "cannot run " + command + ": " + line.replaceFirst(".*: ", "");
    } catch (IOException e) {
      throw engine.unreachable(e);
    }
  }

  void close() {
    closed = true;
    watching.values().forEach(Thread::interrupt);
  }
}
