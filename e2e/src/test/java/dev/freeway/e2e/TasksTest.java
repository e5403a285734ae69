package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

  /// With enforced policies, and a clock that makes a minute twelve seconds.
  @Test
  void containersSeeTheirOptionsAndServicesHealThemselves(@TempDir Path work) throws Exception {
    assumeTasksRun(work);
    try (FreewayProcess server = FreewayProcess.start("--enforce-iam", "--time-scale", "5")) {
      PythonScript.run(server.commands(work), "services_check.py");
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
      // No other run on this machine sleeps for as long.
      String mark = "77" + ProcessHandle.current().pid();
      // It leaves a session open.
      PythonScript.run(server.commands(work), "exec_check.py", plugin.toString(), mark);
      assertEquals(2, running(mark), "the session that was left open runs");
      server.kill();
      Until.holds("the commands die with Freeway", () -> running(mark), n -> n == 0);
      server.up();
    }
  }

  private static long running(String mark) {
    return ProcessHandle.allProcesses()
        .map(p -> List.of(p.info().arguments().orElse(new String[0])))
        .filter(a -> a.equals(List.of(mark + "6")) || a.equals(List.of(mark + "7")))
        .count();
  }
}
