package dev.freeway.lambda;

import java.util.List;

/// How a Java function's virtual machine is started.
final class JavaCommand {
  private JavaCommand() {}

  /// @param memory of the function, in megabytes; the heap gets three fifths of it
  static List<String> words(String java, int memory, String path) {
    return List.of(
        java,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "-Xmx" + Math.max(32, memory * 6 / 10) + "m",
        "-cp",
        path,
        "dev.freeway.lambda.java.Bootstrap");
  }
}
