package dev.freeway.lambda;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ExitStatus;
import dev.freeway.containers.Sandbox;
import dev.freeway.lambda.RuntimeApi.Reply;
import dev.freeway.lambda.RuntimeApi.Request;
import dev.freeway.platform.Ids;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One execution environment: a sandbox in which a function's runtime asks for invocations, one
/// after the other.
///
/// Times are the machine's own, whatever Freeway's clock shows: what a function does takes the time
/// it takes.
final class Environment {
  static final int MOST_RESPONSE = 6_291_556;
  private static final String ADDRESS = "127.0.0.1";
  private static final int PORT = 9001;
  private static final String BASE = "/2018-06-01/runtime/";

  private final ContainerRuntime runtime;
  private final String sandbox;
  private final EnvironmentLog log;
  private final RuntimeApi api;
  private final LinkedBlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();

  /// Complete when the runtime first asks for work, or cannot start.
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();

  private final CompletableFuture<Ended> failedStart = new CompletableFuture<>();
  private final long started = System.nanoTime();
  private volatile long initNanos = -1;
  private volatile @Nullable Invocation current;
  private volatile Instant deadline = Instant.EPOCH;
  private volatile boolean gone;

  private Environment(
      ContainerRuntime runtime, String sandbox, EnvironmentLog log, ServerSocketChannel socket) {
    this.runtime = runtime;
    this.sandbox = sandbox;
    this.log = log;
    this.api = new RuntimeApi(socket, MOST_RESPONSE, this::answer);
  }

  static Environment start(
      ContainerRuntime runtime,
      Launcher launcher,
      StoredVersion v,
      String name,
      String stream,
      EnvironmentLog log)
      throws NoRuntime, IOException {
    Sandbox made = launcher.sandbox(name);
    try {
      launcher.create(v, made, ADDRESS + ":" + PORT, stream);
      Environment e = new Environment(runtime, name, log, runtime.listen(name, ADDRESS, PORT));
      String container = name + "." + Launcher.CONTAINER;
      runtime.start(container);
      log.follow(runtime, container);
      Thread.ofVirtual().name("lambda exit").start(() -> e.watch(container));
      return e;
    } catch (NoRuntime | IOException | RuntimeException e) {
      runtime.removeSandbox(name);
      throw e;
    }
  }

  private void watch(String container) {
    try {
      exited(runtime.waitFor(container));
    } catch (InterruptedException | ContainerException removed) {
      exited(new ExitStatus(137, false, "removed", Instant.now()));
    }
  }

  private void exited(ExitStatus status) {
    gone = true;
    failedStart.complete(new Ended.Exited(status));
    ready.complete(false);
    Invocation now = current;
    if (now != null) {
      now.ended().complete(new Ended.Exited(status));
    }
  }

  boolean gone() {
    return gone;
  }

  /// How long the start took, from the outside; negative before it is over.
  long initNanos() {
    return initNanos;
  }

  EnvironmentLog log() {
    return log;
  }

  String container() {
    return sandbox + "." + Launcher.CONTAINER;
  }

  /// Waits for the start, at most this long. False when it takes longer, or failed.
  boolean awaitReady(Duration atMost) throws InterruptedException {
    try {
      return ready.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Why it did not start, if it is known by now.
  @Nullable Ended failedStart() {
    return failedStart.getNow(null);
  }

  /// Has it work on one event. Blocks.
  Ended run(Invocation invocation, Duration timeout) throws InterruptedException {
    current = invocation;
    deadline = Instant.now().plus(timeout);
    waiting.add(invocation);
    Ended failed = failedStart();
    if (failed != null) {
      invocation.ended().complete(failed);
    }
    try {
      return invocation.ended().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Ended.TimedOut();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      current = null;
    }
  }

  private Reply answer(Request r) throws InterruptedException {
    String path = r.path().startsWith(BASE) ? r.path().substring(BASE.length()) : "";
    if (r.method().equals("GET") && path.equals("invocation/next")) {
      return next();
    }
    if (!r.method().equals("POST")) {
      return Reply.json(404, "{\"errorMessage\":\"Not found\",\"errorType\":\"NotFound\"}");
    }
    if (path.equals("init/error")) {
      noStart(r);
      return Reply.json(202, "{\"status\":\"OK\"}\n");
    }
    String[] parts = path.split("/");
    if (parts.length == 3 && parts[0].equals("invocation")) {
      return ended(parts[1], parts[2], r);
    }
    return Reply.json(404, "{\"errorMessage\":\"Not found\",\"errorType\":\"NotFound\"}");
  }

  private Reply next() throws InterruptedException {
    if (initNanos < 0) {
      initNanos = System.nanoTime() - started;
      ready.complete(true);
    }
    Invocation i = waiting.take();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("Lambda-Runtime-Aws-Request-Id", i.requestId());
    headers.put("Lambda-Runtime-Deadline-Ms", String.valueOf(deadline.toEpochMilli()));
    headers.put("Lambda-Runtime-Invoked-Function-Arn", i.arn());
    headers.put(
        "Lambda-Runtime-Trace-Id",
        "Root=1-%08x-%s;Parent=%s;Sampled=0"
            .formatted(Instant.now().getEpochSecond(), Ids.hex(24), Ids.hex(16)));
    if (i.clientContext() != null) {
      headers.put("Lambda-Runtime-Client-Context", i.clientContext());
    }
    return new Reply(200, headers, i.payload());
  }

  private void noStart(Request r) {
    failedStart.complete(new Ended.NoStart(r.body(), type(r, "Runtime.Unknown")));
    ready.complete(false);
    Invocation now = current;
    if (now != null) {
      now.ended().complete(new Ended.NoStart(r.body(), type(r, "Runtime.Unknown")));
    }
  }

  private static String type(Request r, String otherwise) {
    return r.headers().getOrDefault("lambda-runtime-function-error-type", otherwise);
  }

  private Reply ended(String requestId, String how, Request r) {
    Invocation now = current;
    if (now == null || !now.requestId().equals(requestId)) {
      return Reply.json(
          400, "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}");
    }
    boolean streamError = r.headers().containsKey("lambda-runtime-function-error-body");
    if (how.equals("response") && r.tooLong()) {
      String message =
          "Response payload size exceeded maximum allowed payload size ("
              + MOST_RESPONSE
              + " bytes).";
      now.ended()
          .complete(
              new Ended.Failed(
                  Errors.json("Function.ResponseSizeTooLarge", message),
                  "Function.ResponseSizeTooLarge"));
      return Reply.json(
          413,
          "{\"errorMessage\":\"Exceeded maximum allowed payload size (6291556 bytes).\",\"errorType\":\"RequestEntityTooLarge\"}");
    }
    if (how.equals("response") && !streamError) {
      now.ended().complete(new Ended.Responded(r.body()));
    } else if (how.equals("error") || streamError) {
      byte[] body =
          streamError
              ? java.util.Base64.getDecoder()
                  .decode(r.headers().get("lambda-runtime-function-error-body"))
              : r.body();
      now.ended().complete(new Ended.Failed(body, type(r, "Unhandled")));
    } else {
      return Reply.json(404, "{\"errorMessage\":\"Not found\",\"errorType\":\"NotFound\"}");
    }
    return Reply.json(202, "{\"status\":\"OK\"}\n");
  }

  /// Bytes it has in memory; -1 when nobody knows.
  long memory() {
    try {
      return gone ? -1 : runtime.stats(container()).memoryBytes();
    } catch (ContainerException e) {
      return -1;
    }
  }

  /// Ends it, whatever it is at.
  void close() {
    gone = true;
    api.close();
    runtime.removeSandbox(sandbox);
    log.close();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
