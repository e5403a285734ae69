package dev.freeway.containers.docker;

import dev.freeway.containers.build.ImageBuilder;
import dev.freeway.containers.build.ImageBuilderContract;
import dev.freeway.containers.image.ImageStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

class EngineBuilderTest extends ImageBuilderContract {
  private EngineMachine machine;

  @Override
  protected ImageBuilder builder(ImageStore store, Path directory) throws Exception {
    machine = EngineMachine.start();
    return new DockerRuntime(
            directory.resolve("runtime"), store, DockerRuntime.socket(System.getenv()))
        .builder();
  }

  @AfterEach
  void closeMachine() throws Exception {
    if (machine != null) {
      machine.close();
    }
  }
}
