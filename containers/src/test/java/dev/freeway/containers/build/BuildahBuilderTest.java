package dev.freeway.containers.build;

import dev.freeway.containers.image.ImageStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

class BuildahBuilderTest extends ImageBuilderContract {
  @Override
  protected ImageBuilder builder(ImageStore store, Path directory) throws Exception {
    var why = "there is no buildah on this machine (install buildah)";
    if (!BuildahBuilder.installed()) {
      System.out.println("skipped: " + why);
    }
    Assumptions.assumeTrue(BuildahBuilder.installed(), why);
    return new BuildahBuilder(store, directory.resolve("buildah"), directory.resolve("scratch"));
  }
}
