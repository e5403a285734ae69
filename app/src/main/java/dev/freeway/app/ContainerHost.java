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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What containers run on: one image store and one runtime for tasks and builds alike. A file in
/// the folder says which runtime it was last, so that what runs is found again.
///
/// @param others runtimes that only the builder uses
record ContainerHost(
    Kind kind,
    ImageStore images,
    ContainerRuntime runtime,
    ImageBuilder builder,
    Path directory,
    List<ContainerRuntime> others)
    implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ContainerHost.class.getName());

  /// @param chosen empty: the runtime of last time
  static ContainerHost open(Path directory, Optional<Kind> chosen) throws IOException {
    Files.createDirectories(directory);
    Kind last = last(directory);
    Kind kind = chosen.orElse(last);
    ImageStore images = new ImageStore(directory.resolve("images"));
    images.addSource(new BaseImages(images));
    endBuilds(directory, images);
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

  /// Ends what a crash left of our own builder beside an engine, whoever builds from now on.
  private static void endBuilds(Path directory, ImageStore images) {
    Path folder = directory.resolve("builder");
    if (Files.isDirectory(folder)) {
      try (SandboxRuntime commands = new SandboxRuntime(folder, images)) {
        SandboxRunner.clearAway(commands);
      }
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
    ImageBuilder builder =
        asked().equals("buildah") ? buildah(directory, images) : own(directory, images, runtime);
    return new ContainerHost(Kind.SANDBOX, images, runtime, builder, directory, List.of());
  }

  /// The builder that was asked for; empty: the runtime's usual one.
  private static String asked() throws IOException {
    String name = System.getenv().getOrDefault("FREEWAY_BUILDER", "");
    if (!Set.of("", "own", "buildah").contains(name)) {
      throw new IOException("FREEWAY_BUILDER is " + name + ": it may be own or buildah");
    }
    return name;
  }

  private static ImageBuilder buildah(Path directory, ImageStore images) throws IOException {
    if (!BuildahBuilder.installed()) {
      throw new IOException("FREEWAY_BUILDER is buildah, which is not installed");
    }
    return new BuildahBuilder(images, directory.resolve("buildah"), directory.resolve("scratch"));
  }

  /// @param runtime for what Dockerfiles run
  private static ImageBuilder own(Path directory, ImageStore images, SandboxRuntime runtime)
      throws IOException {
    return new DockerfileBuilder(
        images,
        new BuildCache(directory.resolve("cache")),
        directory.resolve("scratch"),
        () -> new SandboxRunner(runtime));
  }

  private static ContainerHost docker(Path directory, ImageStore images) throws IOException {
    DockerRuntime runtime =
        new DockerRuntime(
            directory.resolve("docker"), images, DockerRuntime.socket(System.getenv()));
    return switch (asked()) {
      case "own" -> {
        // Apart from the runtime's folder of tasks: a sandbox runtime of before may be left there.
        SandboxRuntime commands = new SandboxRuntime(directory.resolve("builder"), images);
        ImageBuilder builder = own(directory, images, commands);
        yield new ContainerHost(
            Kind.DOCKER, images, runtime, builder, directory, List.of(commands));
      }
      case "buildah" ->
          new ContainerHost(
              Kind.DOCKER, images, runtime, buildah(directory, images), directory, List.of());
      default ->
          new ContainerHost(Kind.DOCKER, images, runtime, runtime.builder(), directory, List.of());
    };
  }

  /// What builds run on.
  BuildMachine builds(Registries registries) {
    return new BuildMachine(runtime, images, builder, registries, directory.resolve("builds"));
  }

  /// Containers run on.
  @Override
  public void close() {
    runtime.close();
    others.forEach(ContainerRuntime::close);
  }
}
