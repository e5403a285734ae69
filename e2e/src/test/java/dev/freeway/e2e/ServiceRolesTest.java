package dev.freeway.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `up --enforce-iam`: pipelines and builds may do what their roles may, also in another account.
class ServiceRolesTest {
  @Test
  void aPipelineGetsAsFarAsItsRole(@TempDir Path work) throws Exception {
    PythonScript.assumeRuns(work);
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: builds need root for their sandbox");
    try (FreewayProcess server = FreewayProcess.start("--enforce-iam")) {
      PythonScript.run(server.commands(work), "roles_check.py");
    }
  }
}
