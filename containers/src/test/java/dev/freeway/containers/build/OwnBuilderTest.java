package dev.freeway.containers.build;

import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.sandbox.Machine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

class OwnBuilderTest extends ImageBuilderContract {
  private Machine machine;

  @Override
  protected ImageBuilder builder(ImageStore store, Path directory) throws Exception {
    machine = Machine.open(Machine.directory("own"), store);
    return new DockerfileBuilder(
        store,
        new BuildCache(directory.resolve("cache")),
        directory.resolve("scratch"),
        () -> new SandboxRunner(machine.runtime()));
  }

  @AfterEach
  void closeMachine() throws Exception {
    if (machine != null) {
      machine.close();
    }
  }
}
