package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Build;
import dev.freeway.codebuild.api.BuildArtifacts;
import dev.freeway.codebuild.api.ExportedEnvironmentVariable;
import dev.freeway.codebuild.api.ProjectArtifacts;
import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.containers.Container;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.Mount;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.Sandbox;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Does the work of a build on the machine: sources, container, logs, artifacts. Everything is
/// found again by the build's id, so that it can be picked up after a crash.
final class BuildRunner {
  static final Map<String, String> LABELS = Map.of("dev.freeway.purpose", "codebuild");

  /// How the script in the container is doing.
  sealed interface Look {
    Build build();

    record Working(Build build) implements Look {}

    record Exited(Build build) implements Look {}

    /// The machine lost the container: it was started once more.
    record Lost(Build build) implements Look {}
  }

  private final Platform platform;
  private final BuildMachine machine;
  private final Sources sources;
  private final BuildEnvironment environment;
  private final LogShipper logs;
  private final ArtifactUpload artifacts;
  private final DockerForBuilds docker;
  private final ConcurrentHashMap<String, Thread> followed = new ConcurrentHashMap<>();

  BuildRunner(Platform platform, BuildMachine machine, LogShipper logs) {
    this.platform = platform;
    this.machine = machine;
    this.sources = new Sources(platform.clients(), platform.settings().endpoint());
    this.environment = new BuildEnvironment(platform.clients());
    this.logs = logs;
    this.artifacts = new ArtifactUpload(platform.clients());
    this.docker = new DockerForBuilds(platform, machine);
  }

  void openLog(Call call, StoredBuild b) {
    logs.open(call, b);
  }

  void say(Call call, StoredBuild b, String... lines) {
    logs.say(call, b, lines);
  }

  /// Sources, buildspec, script, container: the build runs when this returns.
  Build prepare(Call call, StoredBuild b) throws BuildFailed, IOException, InterruptedException {
    kill(b);
    Workspace workspace = Workspace.of(machine, b);
    workspace.clear();
    Build build = b.build();
    logs.say(call, b, "Waiting for agent ping", "Phase is DOWNLOAD_SOURCE");
    String resolved =
        sources.fetch(call, build.source(), build.sourceVersion(), workspace.source());
    if (build.secondarySources() != null) {
      for (ProjectSource s : build.secondarySources()) {
        sources.fetch(call, s, null, workspace.secondary(s.sourceIdentifier()));
      }
    }
    Buildspec spec = buildspec(build, workspace);
    new Control(workspace.control()).write(spec);
    logs.say(
        call,
        b,
        "Phase complete: DOWNLOAD_SOURCE State: SUCCEEDED",
        "Phase context status code:  Message: ");
    Build ready = build.toBuilder().resolvedSourceVersion(resolved).build();
    start(call, b.with(ready).started(), spec, workspace);
    return ready;
  }

  private static Buildspec buildspec(Build build, Workspace workspace)
      throws BuildFailed, IOException {
    String given = build.source().buildspec();
    String text;
    if (given != null && given.contains("\n")) {
      text = given;
    } else {
      String name = given == null || given.isBlank() ? "buildspec.yml" : given;
      Path file = workspace.source().resolve(name).normalize();
      if (!file.startsWith(workspace.source()) || !Files.isRegularFile(file)) {
        throw new BuildFailed("YAML_FILE_ERROR", "YAML file does not exist");
      }
      text = Files.readString(file);
    }
    Files.writeString(workspace.buildspec(), text);
    return parse(text);
  }

  private static Buildspec parse(String text) throws BuildFailed {
    try {
      return BuildspecReader.read(text);
    } catch (Buildspec.Invalid e) {
      throw new BuildFailed("YAML_FILE_ERROR", String.valueOf(e.getMessage()));
    }
  }

  private void start(Call call, StoredBuild b, Buildspec spec, Workspace workspace)
      throws BuildFailed, IOException {
    ContainerRuntime runtime = machine.runtime();
    try {
      Sandbox sandbox = runtime.createSandbox(SandboxSpec.named(b.sandbox()).labels(LABELS));
      DockerForBuilds.Installed tools = docker.install(call, b, workspace);
      String endpoint =
          platform.settings().endpoint().replaceFirst("://[^:/]+", "://" + sandbox.gateway());
      String path = tools.path() + ":" + hostPath();
      Map<String, String> env = new HashMap<>(environment.of(call, b, spec.env(), endpoint, path));
      env.putAll(tools.environment());
      env.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
      List<Mount> mounts = new ArrayList<>(tools.mounts());
      mounts.add(Mount.readWrite(workspace.output(), Workspace.SOURCE_INSIDE));
      mounts.add(Mount.readWrite(workspace.control(), Workspace.CONTROL_INSIDE));
      String shell = Files.isExecutable(Path.of("/bin/bash")) ? "/bin/bash" : "/bin/sh";
      runtime.create(
          ContainerSpec.of(b.sandbox(), "build" + b.starts(), root(b.build()))
              .entrypoint(List.of(shell, Workspace.CONTROL_INSIDE + "/build.sh"))
              .command(List.of())
              .environment(env)
              .workingDirectory(Workspace.SOURCE_INSIDE + "/src")
              .mounts(mounts)
              .labels(LABELS)
              .privileged(Boolean.TRUE.equals(b.build().environment().privilegedMode()))
              .build());
      runtime.start(b.container());
    } catch (ContainerException e) {
      throw new BuildFailed(
          "BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
          "Unable to run the build container: " + e.getMessage());
    }
  }

  private static String hostPath() {
    return Path.of(System.getProperty("java.home"), "bin")
        + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  }

  // AWS's own images cannot be had without its registry: the machine's tools stand in for them.
  private static RootFs root(Build build) {
    String image = build.environment().image();
    boolean curated =
        image.startsWith("aws/codebuild/") || image.startsWith("public.ecr.aws/codebuild/");
    return curated ? new RootFs.HostToolchain(List.of()) : new RootFs.Image(image);
  }

  /// Looks how far the script is; begins to follow its output if nobody does.
  Look look(Call call, StoredBuild b) throws BuildFailed, IOException {
    Workspace workspace = Workspace.of(machine, b);
    Control control = new Control(workspace.control());
    Optional<Container> found = machine.runtime().inspect(b.container());
    if (found.isEmpty() || found.get().state() instanceof Container.State.Created) {
      return restart(call, b, workspace);
    }
    follow(call, b);
    Build build = ScriptNotes.apply(b.build(), control);
    if (found.get().state() instanceof Container.State.Exited e
        && !followed.containsKey(b.container())) {
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
    new Control(workspace.control()).write(spec);
    logs.say(
        call,
        b,
        "The container of this build was lost when Freeway or the machine went down: it is started once more from its first phase");
    start(call, b.started(), spec, workspace);
    return new Look.Lost(b.build());
  }

  private void follow(Call call, StoredBuild b) {
    followed.computeIfAbsent(
        b.container(),
        container -> {
          if (drained(b)) {
            return null;
          }
          return Thread.ofVirtual().name("log-" + container).start(() -> ship(call, b, container));
        });
  }

  // Whether everything the exited container wrote is in the log already.
  private boolean drained(StoredBuild b) {
    boolean exited =
        machine
            .runtime()
            .inspect(b.container())
            .map(c -> c.state() instanceof Container.State.Exited)
            .orElse(true);
    if (!exited) {
      return false;
    }
    try (var rest = machine.runtime().logs(b.container(), b.logged(), false)) {
      return rest.next() == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void ship(Call call, StoredBuild b, String container) {
    try {
      logs.ship(
          call,
          b,
          machine.runtime().logs(container, b.logged(), true),
          () -> platform.flow().nudge(BuildReconciler.KIND, b.key()));
      machine.runtime().waitFor(container);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      followed.remove(container);
    }
    platform.flow().nudge(BuildReconciler.KIND, b.key());
  }

  Build upload(Call call, StoredBuild b) throws BuildFailed, IOException {
    Workspace workspace = Workspace.of(machine, b);
    Build build = b.build();
    List<ExportedEnvironmentVariable> exported = new ArrayList<>();
    new Control(workspace.control())
        .exported()
        .forEach((k, v) -> exported.add(new ExportedEnvironmentVariable(k, v)));
    build = build.toBuilder().exportedEnvironmentVariables(exported).build();
    if (Phases.failed(build)) {
      return build;
    }
    Buildspec spec = parse(Files.readString(workspace.buildspec()));
    BuildArtifacts primary = artifacts.upload(call, b, b.artifacts(), spec.artifacts(), workspace);
    List<BuildArtifacts> more = new ArrayList<>();
    for (ProjectArtifacts a :
        b.secondaryArtifacts() == null ? List.<ProjectArtifacts>of() : b.secondaryArtifacts()) {
      more.add(
          artifacts.upload(
              call, b, a, spec.secondaryArtifacts().get(a.artifactIdentifier()), workspace));
    }
    return build.toBuilder()
        .artifacts(primary)
        .secondaryArtifacts(more.isEmpty() ? null : more)
        .build();
  }

  void kill(StoredBuild b) throws IOException {
    machine.runtime().removeSandbox(b.sandbox());
    docker.close(b);
    Thread follower = followed.remove(b.container());
    if (follower != null) {
      follower.interrupt();
    }
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
    followed.values().forEach(Thread::interrupt);
    docker.closeAll();
  }

  void forgetAll() {
    machine.runtime().sandboxes(LABELS).forEach(s -> machine.runtime().removeSandbox(s.name()));
    docker.closeAll();
  }
}
