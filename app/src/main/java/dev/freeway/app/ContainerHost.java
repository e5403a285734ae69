package dev.freeway.app;

import dev.freeway.app.RuntimeOption.Kind;
import dev.freeway.codebuild.BuildMachine;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.build.BuildCache;
import dev.freeway.containers.build.BuildahBuilder;
import dev.freeway.containers.build.DockerfileBuilder;
import dev.freeway.containers.build.ImageBuilder;
import dev.freeway.containers.build.SandboxRunner;
import dev.freeway.containers.docker.DockerRuntime;
import dev.freeway.containers.image.BaseImages;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Registries;
import dev.freeway.containers.sandbox.SandboxRuntime;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// What containers run on: one image store and one runtime for tasks and builds alike. A file in
/// the folder says which runtime it was last, so that what runs is found again.
record ContainerHost(
    Kind kind, ImageStore images, ContainerRuntime runtime, ImageBuilder builder, Path directory)
    implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ContainerHost.class.getName());

  /// @param chosen empty: the runtime of last time
  static ContainerHost open(Path directory, Optional<Kind> chosen) throws IOException {
    Files.createDirectories(directory);
    Kind last = last(directory);
    Kind kind = chosen.orElse(last);
    ImageStore images = new ImageStore(directory.resolve("images"));
    images.addSource(new BaseImages(images));
    ContainerHost host =
        switch (kind) {
          case SANDBOX -> sandbox(directory, images);
          case DOCKER -> docker(directory, images);
        };
    if (kind != last
        && Files.isDirectory(directory.resolve(last == Kind.SANDBOX ? "run" : "docker"))) {
      leave(last, directory, images);
    }
    Files.writeString(directory.resolve("runtime"), kind.word() + "\n");
    return host;
  }

  private static Kind last(Path directory) throws IOException {
    Path note = directory.resolve("runtime");
    return Files.exists(note) ? Kind.of(Files.readString(note).strip()) : Kind.SANDBOX;
  }

  /// Tasks of the runtime used before would run on, known to nobody: their services start them anew
  /// on this one.
  private static void leave(Kind last, Path directory, ImageStore images) {
    try (ContainerRuntime before = runtime(last, directory, images)) {
      before.reapAllBut(Set.of());
    } catch (ContainerException e) {
      LOG.log(
          Level.WARNING,
          "what ran on the {0} runtime may run on: {1}",
          last.word(),
          e.getMessage());
    }
  }

  private static ContainerRuntime runtime(Kind kind, Path directory, ImageStore images) {
    return switch (kind) {
      case SANDBOX -> new SandboxRuntime(directory.resolve("run"), images);
      case DOCKER ->
          new DockerRuntime(
              directory.resolve("docker"), images, DockerRuntime.socket(System.getenv()));
    };
  }

  private static ContainerHost sandbox(Path directory, ImageStore images) throws IOException {
    SandboxRuntime runtime = new SandboxRuntime(directory.resolve("run"), images);
    SandboxRunner.clearAway(runtime);
    Path scratch = directory.resolve("scratch");
    ImageBuilder builder =
        buildah()
            ? new BuildahBuilder(images, directory.resolve("buildah"), scratch)
            : new DockerfileBuilder(
                images,
                new BuildCache(directory.resolve("cache")),
                scratch,
                () -> new SandboxRunner(runtime));
    return new ContainerHost(Kind.SANDBOX, images, runtime, builder, directory);
  }

  /// Only where it is asked for: our own builder is faster, and knows what Dockerfiles use.
  private static boolean buildah() throws IOException {
    if (!"buildah".equals(System.getenv("FREEWAY_BUILDER"))) {
      return false;
    }
    if (!BuildahBuilder.installed()) {
      throw new IOException("FREEWAY_BUILDER is buildah, which is not installed");
    }
    return true;
  }

  private static ContainerHost docker(Path directory, ImageStore images) {
    DockerRuntime runtime =
        new DockerRuntime(
            directory.resolve("docker"), images, DockerRuntime.socket(System.getenv()));
    return new ContainerHost(Kind.DOCKER, images, runtime, runtime.builder(), directory);
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
