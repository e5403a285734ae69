package dev.freeway.app;

import dev.freeway.codebuild.BuildMachine;
import dev.freeway.containers.build.BuildCache;
import dev.freeway.containers.build.DockerfileBuilder;
import dev.freeway.containers.build.ImageBuilder;
import dev.freeway.containers.build.SandboxRunner;
import dev.freeway.containers.image.BaseImages;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Registries;
import dev.freeway.containers.sandbox.SandboxRuntime;
import java.io.IOException;
import java.nio.file.Path;

/// What containers run on: one image store and one runtime for tasks and builds alike.
record ContainerHost(
    ImageStore images, SandboxRuntime runtime, ImageBuilder builder, Path directory)
    implements AutoCloseable {

  static ContainerHost open(Path directory) throws IOException {
    ImageStore images = new ImageStore(directory.resolve("images"));
    images.addSource(new BaseImages(images));
    SandboxRuntime runtime = new SandboxRuntime(directory.resolve("run"), images);
    SandboxRunner.clearAway(runtime);
    BuildCache cache = new BuildCache(directory.resolve("cache"));
    var builder =
        new DockerfileBuilder(
            images, cache, directory.resolve("scratch"), () -> new SandboxRunner(runtime));
    return new ContainerHost(images, runtime, builder, directory);
  }

  /// What builds run on.
  BuildMachine builds(Registries registries) {
    return new BuildMachine(runtime, images, builder, registries, directory.resolve("builds"));
  }

  /// Containers run on.
  @Override
  public void close() {
    runtime.close();
  }
}
