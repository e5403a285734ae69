package dev.freeway.containers.build;

import dev.freeway.containers.image.ImageStore;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;

class BuildahBuilderTest extends ImageBuilderContract {
  private static final AtomicBoolean SAID = new AtomicBoolean();

  @Override
  protected ImageBuilder builder(ImageStore store, Path directory) throws Exception {
    var why = "there is no buildah on this machine (install buildah)";
    if (!BuildahBuilder.installed() && SAID.compareAndSet(false, true)) {
      System.out.println("skipped: " + why);
    }
    Assumptions.assumeTrue(BuildahBuilder.installed(), why);
    return new BuildahBuilder(store, directory.resolve("buildah"), directory.resolve("scratch"));
  }
}
