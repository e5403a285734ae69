package dev.freeway.lambda;

import dev.freeway.containers.ExitStatus;
import dev.freeway.lambda.Environments.Warm;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Runs one invocation from START to REPORT.
///
/// Sources: "Understanding the Lambda execution environment lifecycle"; the forms of errors as
/// recorded from the service.
final class Invoker {
  /// What the start may take before the function's own time counts.
  private static final Duration INIT = Duration.ofSeconds(10);

  private static final long MEGABYTE = 1L << 20;

  private final Environments environments;
  private final FunctionMetrics metrics;

  Invoker(Environments environments, FunctionMetrics metrics) {
    this.metrics = metrics;
    this.environments = environments;
  }

  /// Blocks. Throws TooManyRequestsException.
  Answer invoke(StoredFunction f, StoredVersion v, Invocation invocation)
      throws InterruptedException {
    try {
      environments.enter(f);
    } catch (AwsException e) {
      metrics.throttled(v, invocation);
      throw e;
    }
    try {
      return run(v, invocation);
    } finally {
      environments.leave(f);
    }
  }

  private Answer run(StoredVersion v, Invocation i) throws InterruptedException {
    Warm warm = environments.take(v);
    boolean cold = warm == null;
    if (warm == null) {
      Environments.Log fresh = environments.log(v);
      fresh.log().say("INIT_START Runtime Version: " + about(v));
      try {
        warm = environments.start(v, fresh);
      } catch (NoRuntime e) {
        metrics.invoked(v, i, true, 0);
        return refused(v, i, fresh.log(), e);
      }
    }
    boolean reusable = false;
    try {
      if (cold) {
        warm.environment.awaitReady(INIT);
      }
      EnvironmentLog log = warm.environment.log();
      log.begin("START RequestId: " + i.requestId() + " Version: " + v.version(), !cold);
      long begun = System.nanoTime();
      int seconds = v.config().timeout();
      Ended ended = warm.environment.run(i, Duration.ofSeconds(seconds));
      long took = System.nanoTime() - begun;
      log.drain(ended instanceof Ended.Responded || ended instanceof Ended.Failed);
      Answer answer = answer(v, i, ended, log);
      metrics.invoked(v, i, answer.functionError() != null, took);
      long init = cold ? warm.environment.initNanos() : -1;
      report(v, i, ended, log, took, init, warm.environment.memory());
      reusable = ended.reusable();
      byte[] tail = log.tail();
      log.flush();
      return new Answer(answer.payload(), answer.functionError(), tail, v.version());
    } finally {
      environments.release(warm, reusable);
    }
  }

  private static String about(StoredVersion v) {
    return v.isImage() ? "image" : v.config().runtime();
  }

  private static Answer refused(StoredVersion v, Invocation i, EnvironmentLog log, NoRuntime e) {
    log.begin("START RequestId: " + i.requestId() + " Version: " + v.version(), false);
    log.say("RequestId: " + i.requestId() + " Error: " + e.why());
    log.say("END RequestId: " + i.requestId());
    byte[] tail = log.tail();
    log.close();
    return new Answer(Errors.json("Runtime.Unavailable", e.why()), "Unhandled", tail, v.version());
  }

  private static Answer answer(StoredVersion v, Invocation i, Ended ended, EnvironmentLog log) {
    return switch (ended) {
      case Ended.Responded r -> new Answer(r.payload(), null, new byte[0], v.version());
      case Ended.Failed f -> failed(v, f.payload());
      case Ended.NoStart n -> failed(v, n.payload());
      case Ended.Exited x -> {
        String message = "RequestId: " + i.requestId() + " Error: " + reason(x.status());
        log.say(message);
        yield failed(v, Errors.json("Runtime.ExitError", message));
      }
      case Ended.TimedOut _ -> {
        String text =
            String.format(
                Locale.ROOT, "Task timed out after %.2f seconds", (double) v.config().timeout());
        log.say(log.now() + " " + i.requestId() + " " + text);
        yield failed(
            v, Errors.json("Sandbox.Timedout", "RequestId: " + i.requestId() + " Error: " + text));
      }
    };
  }

  private static Answer failed(StoredVersion v, byte[] payload) {
    return new Answer(payload, "Unhandled", new byte[0], v.version());
  }

  private static String reason(ExitStatus s) {
    if (s.code() == 0) {
      return "Runtime exited without providing a reason";
    }
    if (s.outOfMemory() || s.code() == 137) {
      return "Runtime exited with error: signal: killed";
    }
    return s.code() == 139
        ? "Runtime exited with error: signal: segmentation fault"
        : "Runtime exited with error: exit status " + s.code();
  }

  private static void report(
      StoredVersion v,
      Invocation i,
      Ended ended,
      EnvironmentLog log,
      long took,
      long init,
      long memory) {
    log.say("END RequestId: " + i.requestId());
    int size = v.config().memorySize();
    double ms = took / 1e6;
    double initMs = Math.max(0, init) / 1e6;
    StringBuilder s = new StringBuilder("REPORT RequestId: ").append(i.requestId());
    s.append(String.format(Locale.ROOT, "\tDuration: %.2f ms", ms));
    s.append("\tBilled Duration: ").append((long) Math.ceil(ms + initMs)).append(" ms");
    s.append("\tMemory Size: ").append(size).append(" MB\t");
    // Of what has ended, nobody knows what it used.
    if (memory >= 0) {
      s.append("Max Memory Used: ").append(Math.min(size, memory / MEGABYTE)).append(" MB\t");
    }
    if (init >= 0) {
      s.append(String.format(Locale.ROOT, "Init Duration: %.2f ms\t", initMs));
    }
    String error = error(ended);
    if (ended instanceof Ended.TimedOut) {
      s.append("Status: timeout");
    } else if (error != null) {
      s.append("Status: error\tError Type: ").append(error);
    }
    log.say(s.toString());
  }

  private static @Nullable String error(Ended ended) {
    return switch (ended) {
      case Ended.Exited x -> x.status().outOfMemory() ? "Runtime.OutOfMemory" : "Runtime.ExitError";
      case Ended.NoStart n -> n.type();
      case Ended.Responded _, Ended.Failed _, Ended.TimedOut _ -> null;
    };
  }
}
