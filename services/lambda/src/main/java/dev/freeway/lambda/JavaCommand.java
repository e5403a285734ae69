package dev.freeway.lambda;

import java.util.List;

/// How a Java function's virtual machine is started.
final class JavaCommand {
  private JavaCommand() {}

  static List<String> words(String java, int memory, String runtime, String path) {
    return List.of(
        java,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "-Xmx" + Math.max(32, memory * 6 / 10) + "m",
        "-cp",
        runtime + "/" + path,
        "dev.freeway.lambda.java.Bootstrap");
  }
}
