package dev.freeway.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pipelines as teams write them: a monorepo with path filters, branches in parallel, gates that
/// stop bad changes, an image that is promoted by digest, a rollback.
class PipelinesTest {
  @Test
  void runsTheScript(@TempDir Path work) throws Exception {
    assumeTrue(FreewayProcess.installed("git"), "skipped: git is not installed");
    PythonScript.assumeRuns(work);
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: builds and tasks need root for their sandbox");
    try (FreewayProcess server = FreewayProcess.start()) {
      Path gates = server.home().resolve("examples/gates");
      PythonScript.run(
          server
              .commands(work)
              .with("GIT_CONFIG_GLOBAL", "/dev/null")
              .with("GIT_AUTHOR_NAME", "Ada")
              .with("GIT_AUTHOR_EMAIL", "ada@example.com")
              .with("GIT_COMMITTER_NAME", "Ada")
              .with("GIT_COMMITTER_EMAIL", "ada@example.com"),
          "pipelines_check.py",
          gates.toString());
    }
  }
}
