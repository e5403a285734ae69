package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Runs a program of the machine to its end.
record Command(List<String> words) {
  static Command of(String... words) {
    return new Command(List.of(words));
  }

  record Outcome(int code, String output) {}

  Outcome run(String input) {
    try {
      var process = new ProcessBuilder(words).redirectErrorStream(true).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException endedEarly) {
        // It did not want all of its input; its exit code tells.
      }
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), output.strip());
    } catch (IOException e) {
      return new Outcome(127, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerException.Failed(words.getFirst() + " was interrupted", e);
    }
  }

  /// Runs it and throws unless it succeeds.
  String must(String input) {
    var outcome = run(input);
    if (outcome.code() != 0) {
      throw new ContainerException.Failed(String.join(" ", words) + ": " + outcome.output());
    }
    return outcome.output();
  }

  boolean succeeds() {
    return run("").code() == 0;
  }
}
