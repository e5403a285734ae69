package dev.freeway.containers.sandbox;

import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.image.Images;
import dev.freeway.containers.image.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// A sandbox runtime of a test, over a directory that goes away with it. Skips the test where
/// containers cannot run.
public record Machine(Path directory, SandboxRuntime runtime) implements AutoCloseable {
  public static Path directory(String name) throws Exception {
    return Files.createTempDirectory(Path.of("target").toAbsolutePath(), name);
  }

  public static Machine start() throws Exception {
    var dir = directory("sandbox");
    return open(dir, Images.none(dir));
  }

  public static Machine open(Path dir, Images images) {
    var runtime = new SandboxRuntime(dir, images);
    var problems = runtime.probe().problems();
    if (!problems.isEmpty()) {
      System.out.println("skipped: no sandbox runtime here: " + problems);
      runtime.close();
    }
    Assumptions.assumeTrue(problems.isEmpty(), () -> "no sandbox runtime here: " + problems);
    return new Machine(dir, runtime);
  }

  void sandbox(String name) {
    runtime.createSandbox(SandboxSpec.named(name));
  }

  @Override
  public void close() throws Exception {
    runtime.reapAllBut(java.util.Set.of());
    runtime.close();
    Trees.delete(directory);
  }
}
