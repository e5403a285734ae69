package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// ECS with real containers, with boto3 and the AWS CLI.
class TasksTest {
  private static void assumeTasksRun(Path work) throws Exception {
    PythonScript.assumeRuns(work);
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "skipped: tasks need root for sandboxes");
  }

  @Test
  void containersSeeTheirOptionsAndServicesHealThemselves(@TempDir Path work) throws Exception {
    assumeTasksRun(work);
    try (FreewayProcess server = FreewayProcess.start()) {
      PythonScript.run(server.commands(work), "services_check.py");
    }
  }

  @Test
  void anExecutionRoleIsNeededForFilesOfVariables(@TempDir Path work) throws Exception {
    assumeTasksRun(work);
    try (FreewayProcess server = FreewayProcess.start("--enforce-iam")) {
      PythonScript.run(server.commands(work), "services_check.py", "enforced");
    }
  }

  @Test
  void sessionsRunInContainersAndDieWithFreeway(@TempDir Path work) throws Exception {
    assumeTasksRun(work);
    assumeTrue(FreewayProcess.installed("aws"), "skipped: the AWS CLI is not installed");
    Path plugin = work.resolve("session-manager-plugin");
    try (var in = TasksTest.class.getResourceAsStream("/session-manager-plugin")) {
      Files.write(plugin, in.readAllBytes());
    }
    assertTrue(plugin.toFile().setExecutable(true));
    try (FreewayProcess server = FreewayProcess.start()) {
      // It leaves a session open.
      PythonScript.run(server.commands(work), "exec_check.py", plugin.toString());
      assertTrue(running() > 0, "the session that was left open runs");
      server.kill();
      Until.holds("the commands die with Freeway", TasksTest::running, n -> n == 0);
      server.up();
    }
  }

  private static long running() {
    return ProcessHandle.allProcesses()
        .map(p -> List.of(p.info().arguments().orElse(new String[0])))
        .filter(a -> a.equals(List.of("7706")) || a.equals(List.of("7707")))
        .count();
  }
}
