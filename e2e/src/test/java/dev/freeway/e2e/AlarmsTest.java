package dev.freeway.e2e;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Metrics and alarms over a `kill -9`, with a clock that makes a minute two seconds.
class AlarmsTest {
  @Test
  void whatWasAcknowledgedCountsAfterACrash(@TempDir Path work) throws Exception {
    PythonScript.assumeRuns(work);
    try (FreewayProcess server = FreewayProcess.start("--time-scale", "30")) {
      PythonScript.run(server.commands(work), "alarms_check.py", "before");
      server.kill();
      server.up();
      PythonScript.run(server.commands(work), "alarms_check.py", "after");
    }
  }
}
