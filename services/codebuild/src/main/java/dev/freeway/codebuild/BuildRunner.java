package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Phase;
import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.codebuild.api.ProjectSourceVersion;
import dev.freeway.containers.Container;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.Mount;
import dev.freeway.containers.RootFs;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Does the work of a build on the machine: sources, container, logs, artifacts. Everything is
/// found again by the build's id, so that it can be picked up after a crash.
final class BuildRunner {
  /// How the script in the container is doing.
  sealed interface Look {
    Build build();

    record Working(Build build) implements Look {}

    record Exited(Build build) implements Look {}

    /// The machine lost the container: it was started once more.
    record Lost(Build build) implements Look {}
  }

  private final BuildMachine machine;
  private final Sources sources;
  private final BuildContainer container;
  private final LogShipper logs;
  private final LogFollower follower;
  private final Caches caches;
  private final Outputs outputs;
  private final DockerForBuilds docker;
  private final BuildRole role;

  BuildRunner(
      Platform platform,
      BuildMachine machine,
      LogShipper logs,
      Sources sources,
      BuildContainer container,
      DockerForBuilds docker,
      Caches caches,
      Outputs outputs) {
    this.machine = machine;
    this.sources = sources;
    this.logs = logs;
    this.follower = new LogFollower(platform, machine, logs);
    this.caches = caches;
    this.outputs = outputs;
    this.docker = docker;
    this.role = new BuildRole(platform);
    this.container = container;
  }

  void openLog(Call call, StoredBuild b) throws BuildFailed {
    role.logs(b);
    logs.open(call, b);
  }

  /// As on AWS, a build without its image fails before its sources are fetched.
  void pullImage(StoredBuild b) throws BuildFailed {
    if (!(BuildContainer.root(b.build()) instanceof RootFs.Image image)) {
      return;
    }
    try {
      machine.images().obtain(image.reference());
    } catch (ContainerException e) {
      throw new BuildFailed(
          "BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
          "Unable to pull customer's container image. CannotPullContainerError: " + e.getMessage());
    }
  }

  void say(Call call, StoredBuild b, String... lines) {
    logs.say(call, b, lines);
  }

  /// Sources, buildspec, script, container: the build runs when this returns.
  Build prepare(Call call, StoredBuild b) throws BuildFailed, IOException, InterruptedException {
    kill(b);
    Workspace workspace = Workspace.of(machine, b);
    workspace.clear();
    role.sources(b);
    Build build = b.build();
    logs.say(call, b, "Waiting for agent ping", "Phase is DOWNLOAD_SOURCE");
    Path source = workspace.source();
    Path mirror = caches.mirror(b);
    String resolved =
        b.ofPipeline()
            ? sources.artifact(call, build.source(), build.sourceVersion(), source, mirror)
            : sources.fetch(call, build.source(), build.sourceVersion(), source, mirror);
    if (build.secondarySources() != null) {
      for (ProjectSource s : build.secondarySources()) {
        Path into = workspace.secondary(s.sourceIdentifier());
        sources.fetch(call, s, version(build, s.sourceIdentifier()), into, null);
      }
    }
    Buildspec spec = buildspec(build, workspace);
    role.values(b, spec.env());
    runtimes(call, b, spec);
    List<Mount> mounts = restore(call, b, spec, workspace);
    write(b, spec, workspace);
    logs.say(
        call,
        b,
        "Phase complete: DOWNLOAD_SOURCE State: SUCCEEDED",
        "Phase context status code:  Message: ");
    Build ready = build.toBuilder().resolvedSourceVersion(resolved).build();
    container.start(call, b.with(ready).started(), spec, workspace, mounts, "build.sh");
    return ready;
  }

  private static @Nullable String version(Build build, String identifier) {
    return build.secondarySourceVersions() == null
        ? null
        : build.secondarySourceVersions().stream()
            .filter(v -> v.sourceIdentifier().equals(identifier))
            .map(ProjectSourceVersion::sourceVersion)
            .findFirst()
            .orElse(null);
  }

  // What the machine has is what there is: said, so that nobody is surprised.
  private void runtimes(Call call, StoredBuild b, Buildspec spec) {
    spec.phases()
        .values()
        .forEach(
            p ->
                p.runtimes()
                    .forEach(
                        (language, version) ->
                            logs.say(
                                call,
                                b,
                                "runtime-versions: "
                                    + language
                                    + " "
                                    + version
                                    + " was asked for; the build has what its image or this machine has")));
  }

  private List<Mount> restore(Call call, StoredBuild b, Buildspec spec, Workspace workspace)
      throws BuildFailed, IOException {
    Places places = new Places(workspace, Map.of());
    CacheKey key = new CacheKey(BuildEnvironment.plain(b, spec.env()), places);
    return caches.restore(call, b, spec.cache(), key, places, line -> logs.say(call, b, line));
  }

  private static void write(StoredBuild b, Buildspec spec, Workspace workspace) throws IOException {
    new Control(workspace.control())
        .write(spec, BuildContainer.shell(b, spec), Wanted.of(spec, Caches.copied(b)));
  }

  private static Buildspec buildspec(Build build, Workspace workspace)
      throws BuildFailed, IOException {
    String text = text(build.source().buildspec(), workspace.source());
    Files.writeString(workspace.buildspec(), text);
    Buildspec spec = parse(text);
    if (spec.phases().isEmpty()) {
      throw new BuildFailed("YAML_FILE_ERROR", "No phases: a build needs commands to run");
    }
    return spec;
  }

  /// @param given the buildspec itself, its path in the source, or null for `buildspec.yml`
  static Buildspec buildspec(@Nullable String given, Path source) throws BuildFailed, IOException {
    return parse(text(given, source));
  }

  private static String text(@Nullable String given, Path source) throws BuildFailed, IOException {
    if (given != null && given.contains("\n")) {
      return given;
    }
    String name = given == null || given.isBlank() ? "buildspec.yml" : given;
    Path file = source.resolve(name.replaceFirst("^" + Places.SOURCE + "/", "")).normalize();
    // A link must not lead to a file of the machine.
    if (!file.startsWith(source)
        || !Files.isRegularFile(file)
        || !file.toRealPath().startsWith(source.toRealPath())) {
      throw new BuildFailed("YAML_FILE_ERROR", "YAML file does not exist");
    }
    return Files.readString(file);
  }

  private static Buildspec parse(String text) throws BuildFailed {
    try {
      return BuildspecReader.read(text);
    } catch (Buildspec.Invalid e) {
      throw new BuildFailed("YAML_FILE_ERROR", String.valueOf(e.getMessage()));
    }
  }

  /// Looks how far the script is; begins to follow its output if nobody does.
  Look look(Call call, StoredBuild b) throws BuildFailed, IOException {
    Workspace workspace = Workspace.of(machine, b);
    Control control = new Control(workspace.control());
    Optional<Container> found = machine.runtime().inspect(b.container());
    if (found.isEmpty() || found.get().state() instanceof Container.State.Created) {
      return restart(call, b, workspace);
    }
    follower.follow(call, b);
    Build build = ScriptNotes.apply(b.build(), control);
    if (found.get().state() instanceof Container.State.Exited e && !follower.follows(b)) {
      return new Look.Exited(ScriptNotes.over(build, control, e.status()));
    }
    docker.reopen(call, b, workspace);
    return new Look.Working(build);
  }

  private Look restart(Call call, StoredBuild b, Workspace workspace)
      throws BuildFailed, IOException {
    if (b.starts() > 1) {
      throw new BuildFailed("INTERNAL_ERROR", "The build's container was lost twice");
    }
    machine.runtime().removeSandbox(b.sandbox());
    if (!Files.exists(workspace.buildspec())) {
      throw new BuildFailed("INTERNAL_ERROR", "The build's workspace was lost");
    }
    Buildspec spec = parse(Files.readString(workspace.buildspec()));
    List<Mount> mounts = restore(call, b, spec, workspace);
    write(b, spec, workspace);
    logs.say(
        call,
        b,
        "The container of this build was lost when Freeway or the machine went down: it is started once more from its first phase");
    container.start(call, b.started(), spec, workspace, mounts, "build.sh");
    return new Look.Lost(b.build());
  }

  Outputs.Made upload(Call call, StoredBuild b) throws BuildFailed, IOException {
    Workspace workspace = Workspace.of(machine, b);
    if (!Files.exists(workspace.buildspec())) {
      throw new BuildFailed("INTERNAL_ERROR", "The build's workspace was lost");
    }
    Buildspec spec = parse(Files.readString(workspace.buildspec()));
    return outputs.make(call, b, spec, workspace, line -> logs.say(call, b, line));
  }

  /// What the phase that failed asks for then; empty when it says nothing.
  Optional<OnFailure> onFailure(StoredBuild b, String phase) throws IOException {
    Path file = Workspace.of(machine, b).buildspec();
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Phase p =
          BuildspecReader.read(Files.readString(file)).phases().get(phase.toLowerCase(Locale.ROOT));
      return Optional.ofNullable(p == null ? null : p.onFailure());
    } catch (Buildspec.Invalid e) {
      return Optional.empty();
    }
  }

  /// Puts the log where the project wants a copy of it.
  void finished(StoredBuild b, Build over) throws IOException {
    logs.close(b.with(over));
  }

  void kill(StoredBuild b) throws IOException {
    // First nobody makes containers any more, then all are removed.
    docker.close(b);
    machine.runtime().removeSandbox(b.sandbox());
    follower.stop(b);
  }

  void clean(StoredBuild b) throws IOException {
    kill(b);
    Workspace.of(machine, b).delete();
  }

  /// After the end: what a crash between the last note and the cleaning left behind.
  void forget(StoredBuild b) {
    try {
      clean(b);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  void close() {
    follower.close();
    docker.closeAll();
  }

  void forgetAll() {
    machine
        .runtime()
        .sandboxes(BuildContainer.LABELS)
        .forEach(s -> machine.runtime().removeSandbox(s.name()));
    docker.closeAll();
  }
}
