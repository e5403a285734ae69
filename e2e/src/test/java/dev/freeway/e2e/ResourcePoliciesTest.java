package dev.freeway.e2e;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `up --enforce-iam`: queues, topics, log groups and buses say in their policies which services
/// get in, and because of which resource.
class ResourcePoliciesTest {
  @Test
  void aServiceGetsInWhereAPolicySaysSo(@TempDir Path work) throws Exception {
    PythonScript.assumeRuns(work);
    try (FreewayProcess server = FreewayProcess.start("--enforce-iam")) {
      PythonScript.run(server.commands(work), "resource_policies_check.py");
    }
  }
}
