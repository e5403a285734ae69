package dev.freeway.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Functions that run, and alarms that act, with boto3.
class FunctionsTest {
  @Test
  void runTheScript(@TempDir Path work) throws Exception {
    PythonScript.assumeRuns(work);
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: functions need root for their sandbox");
    try (FreewayProcess server = FreewayProcess.start()) {
      PythonScript.run(server.commands(work), "functions_check.py");
    }
  }
}
