package dev.freeway.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A check written with boto3, in the test's resources.
final class PythonScript {
  private PythonScript() {}

  /// Skips the test where there is no boto3.
  static void assumeRuns(Path work) throws IOException, InterruptedException {
    boolean there =
        FreewayProcess.installed("python3")
            && Commands.in(work).run("python3", "-c", "import boto3").code() == 0;
    assumeTrue(there, "skipped: python3 with boto3 is not installed");
  }

  /// Runs it against the server of these commands and prints what it says.
  static void run(Commands commands, String name, String... arguments)
      throws IOException, InterruptedException {
    Path script = commands.directory().resolve(name);
    try (var in = PythonScript.class.getResourceAsStream("/" + name)) {
      Files.write(script, in.readAllBytes());
    }
    String[] words = new String[arguments.length + 2];
    words[0] = "python3";
    words[1] = script.toString();
    System.arraycopy(arguments, 0, words, 2, arguments.length);
    System.out.println(commands.ok(words));
  }
}
