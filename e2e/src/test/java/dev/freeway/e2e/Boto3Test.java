package dev.freeway.e2e;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Boto3Test {
  @Test
  void runsTheScript(@TempDir Path work) throws Exception {
    PythonScript.assumeRuns(work);
    try (FreewayProcess server = FreewayProcess.start()) {
      PythonScript.run(server.commands(work), "boto3_check.py");
    }
  }
}
