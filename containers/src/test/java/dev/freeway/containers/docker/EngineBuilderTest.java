package dev.freeway.containers.docker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.containers.build.BuildFailure;
import dev.freeway.containers.build.ImageBuilder;
import dev.freeway.containers.build.ImageBuilderContract;
import dev.freeway.containers.image.ImageStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineBuilderTest extends ImageBuilderContract {
  private EngineMachine machine;

  @Override
  protected ImageBuilder builder(ImageStore store, Path directory) throws Exception {
    machine = EngineMachine.start();
    return new DockerRuntime(
            directory.resolve("runtime"), store, DockerRuntime.socket(System.getenv()))
        .builder();
  }

  @Test
  void saysWhoBuildsHereDocumentsAndMounts() {
    for (var newer :
        List.of(
            "RUN <<EOF\ntrue\nEOF\n",
            "COPY <<X /conf\nhello\nX\n",
            "RUN \\\n  --mount=type=cache,target=/c true\n")) {
      var failure = assertThrows(BuildFailure.class, () -> build("FROM freeway/base:1\n" + newer));
      assertTrue(failure.getMessage().contains("FREEWAY_BUILDER=own"), failure.getMessage());
    }
    var failure =
        assertThrows(BuildFailure.class, () -> build("FROM freeway/base:1\nRUN exit 3\n"));
    assertFalse(failure.getMessage().contains("FREEWAY_BUILDER"), failure.getMessage());
  }

  @AfterEach
  void closeMachine() throws Exception {
    if (machine != null) {
      machine.close();
    }
  }
}
