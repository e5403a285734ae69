package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.image.BaseImages;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;

/// A Docker runtime of a test, with a store of images that all tests share. Skips the test where no
/// engine answers.
record EngineMachine(Path directory, ImageStore images, DockerRuntime runtime)
    implements AutoCloseable {
  private static final AtomicBoolean SAID = new AtomicBoolean();

  static EngineMachine start() throws Exception {
    var directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "engine");
    return open(directory);
  }

  static EngineMachine open(Path directory) {
    var images = new ImageStore(Path.of("target/engine-images"));
    images.addSource(new BaseImages(images));
    List<String> problems;
    DockerRuntime runtime = null;
    try {
      runtime = new DockerRuntime(directory, images, DockerRuntime.socket(System.getenv()));
      problems = runtime.probe().problems();
    } catch (ContainerException.Unavailable e) {
      problems = List.of(String.valueOf(e.getMessage()));
    }
    if (!problems.isEmpty() && SAID.compareAndSet(false, true)) {
      System.out.println("skipped: " + problems);
    }
    var why = problems;
    Assumptions.assumeTrue(problems.isEmpty(), why::toString);
    return new EngineMachine(directory, images, runtime);
  }

  @Override
  public void close() throws Exception {
    runtime.reapAllBut(Set.of());
    runtime.close();
    Trees.delete(directory);
  }
}
