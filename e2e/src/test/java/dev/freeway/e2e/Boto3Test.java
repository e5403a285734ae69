package dev.freeway.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Boto3Test {
  @Test
  void runsTheScript(@TempDir Path work) throws Exception {
    boolean there =
        FreewayProcess.installed("python3")
            && Commands.in(work).run("python3", "-c", "import boto3").code() == 0;
    assumeTrue(there, "skipped: python3 with boto3 is not installed");
    try (var in = Boto3Test.class.getResourceAsStream("/boto3_check.py")) {
      Files.write(work.resolve("check.py"), in.readAllBytes());
    }
    try (FreewayProcess server = FreewayProcess.start()) {
      System.out.println(server.commands(work).ok("python3", "check.py"));
    }
  }
}
