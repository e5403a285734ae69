package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Programs run in a folder with some environment.
record Commands(Path directory, Map<String, String> environment) {
  private static final int MINUTES = 10;

  record Result(int code, String output) {}

  static Commands in(Path directory) {
    return new Commands(directory, Map.of());
  }

  Commands at(Path other) {
    return new Commands(other, environment);
  }

  Commands with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put(name, value);
    return new Commands(directory, all);
  }

  Result run(String... words) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(words)).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    FutureTask<byte[]> output = new FutureTask<>(process.getInputStream()::readAllBytes);
    Thread.startVirtualThread(output);
    boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String said;
    try {
      said = new String(output.get(1, TimeUnit.MINUTES), StandardCharsets.UTF_8);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the output of " + words[0] + " does not end", e);
    }
    if (!ended) {
      throw new IOException(words[0] + " did not end in " + MINUTES + " minutes: " + said);
    }
    return new Result(process.exitValue(), said);
  }

  /// The output of a command that must succeed.
  String ok(String... words) throws IOException, InterruptedException {
    Result result = run(words);
    assertEquals(0, result.code(), () -> String.join(" ", words) + "\n" + result.output());
    return result.output().strip();
  }

  /// The output of a command that must fail.
  String fails(String... words) throws IOException, InterruptedException {
    Result result = run(words);
    if (result.code() == 0) {
      throw new AssertionError(
          String.join(" ", words) + " should have failed and printed " + result.output());
    }
    return result.output().strip();
  }
}
