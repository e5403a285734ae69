package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The script that makes containers, kept as a file so that the machine's perl can run it.
record Shim(Path script) {
  /// System calls are numbered by processor.
  static final Map<String, String> PROCESSORS = Map.of("amd64", "amd64", "aarch64", "aarch64");

  static Shim install(Path directory) throws IOException {
    try (var in = Shim.class.getResourceAsStream("shim.pl")) {
      if (in == null) {
        throw new IllegalStateException("shim.pl is not on the class path");
      }
      var content = in.readAllBytes();
      var script = directory.resolve("shim.pl");
      if (!Files.exists(script) || !java.util.Arrays.equals(Files.readAllBytes(script), content)) {
        StateFiles.publish(script, content);
      }
      return new Shim(script);
    }
  }

  void start(Path launch) {
    var outcome = Command.of("perl", script.toString(), "start", launch.toString()).run("");
    if (!outcome.output().equals("ok")) {
      throw new ContainerException.Failed(
          "cannot start the container: " + outcome.output().replaceFirst("^error ", ""));
    }
  }

  Process exec(Path request) throws IOException {
    return new ProcessBuilder("perl", script.toString(), "exec", request.toString()).start();
  }
}
