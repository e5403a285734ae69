package dev.freeway.codebuild;

import dev.freeway.codebuild.api.CommandExecution;
import dev.freeway.codebuild.api.ProjectSource;
import dev.freeway.containers.Container;
import dev.freeway.platform.Call;
import dev.freeway.sessions.Sessions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Does the work of a sandbox on the machine: its container, and commands in it by files.
final class SandboxWork {
  private static final int MOST_OUTPUT = 24_000;
  private static final Buildspec NOTHING =
      new Buildspec(
          null,
          new Buildspec.Env(null, Map.of(), Map.of(), Map.of(), List.of(), true),
          Map.of(),
          Map.of(),
          null,
          Map.of(),
          new Buildspec.Cache(null, List.of(), false, false, List.of()),
          null);

  private final BuildMachine machine;
  private final Sources sources;
  private final BuildContainer container;
  private final DockerForBuilds docker;
  private final LogShipper logs;
  private final Sessions sessions;

  SandboxWork(
      BuildMachine machine,
      Sources sources,
      BuildContainer container,
      DockerForBuilds docker,
      LogShipper logs,
      Sessions sessions) {
    this.machine = machine;
    this.sources = sources;
    this.container = container;
    this.docker = docker;
    this.logs = logs;
    this.sessions = sessions;
  }

  void start(Call call, StoredSandbox s) throws BuildFailed, IOException, InterruptedException {
    StoredBuild b = s.of();
    end(s);
    Workspace workspace = Workspace.of(machine, b);
    workspace.clear();
    logs.open(call, b);
    ProjectSource source = b.build().source();
    sources.fetch(call, source, b.build().sourceVersion(), workspace.source(), null);
    if (b.build().secondarySources() != null) {
      for (ProjectSource more : b.build().secondarySources()) {
        sources.fetch(call, more, null, workspace.secondary(more.sourceIdentifier()), null);
      }
    }
    Path commands = Files.createDirectories(workspace.control().resolve("commands"));
    try (InputStream in = SandboxWork.class.getResourceAsStream("sandbox.sh")) {
      if (in == null) {
        throw new IllegalStateException("sandbox.sh is not on the class path");
      }
      Files.write(commands.resolveSibling("sandbox.sh"), in.readAllBytes());
    }
    String shell = BuildContainer.shell(b, NOTHING);
    container.start(call, b, NOTHING, workspace, List.of(), "sandbox.sh", shell);
  }

  boolean running(Call call, StoredSandbox s) {
    boolean running =
        machine
            .runtime()
            .inspect(s.of().container())
            .map(c -> c.state() instanceof Container.State.Running)
            .orElse(false);
    if (running) {
      docker.reopen(call, s.of(), Workspace.of(machine, s.of()));
    }
    return running;
  }

  private Path file(StoredSandbox s, CommandExecution c, String kind) {
    return Workspace.of(machine, s.of()).control().resolve("commands").resolve(c.id() + kind);
  }

  /// Hands a command to the container; once, however often it is called.
  void hand(StoredSandbox s, CommandExecution c) throws IOException {
    Path file = file(s, c, ".sh");
    Path control = Workspace.of(machine, s.of()).control();
    Path folder = Objects.requireNonNull(file.getParent());
    if (!Files.isDirectory(folder) || !folder.toRealPath().startsWith(control.toRealPath())) {
      // The commands before have removed the folder, or made it a link out of it.
      return;
    }
    if (!Files.exists(file)) {
      Path fresh = file(s, c, ".tmp");
      Files.writeString(fresh, c.command());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /// The command with its output and exit code, once it is over.
  Optional<CommandExecution> result(Call call, StoredSandbox s, CommandExecution c)
      throws IOException {
    Path code = file(s, c, ".code");
    if (!Files.isRegularFile(code, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Control control = new Control(Workspace.of(machine, s.of()).control());
    String exit = control.own(code).strip();
    String out = cut(control.own(file(s, c, ".out")));
    String err = cut(control.own(file(s, c, ".err")));
    logs.say(call, s.of(), "Running command " + c.command());
    logs.output(call, s.of(), out + err);
    return Optional.of(
        c.toBuilder()
            .exitCode(exit)
            .status(exit.equals("0") ? "SUCCEEDED" : "FAILED")
            .standardOutputContent(out)
            .standardErrContent(err)
            .build());
  }

  private static String cut(String text) {
    return text.length() <= MOST_OUTPUT ? text : text.substring(0, MOST_OUTPUT);
  }

  void end(StoredSandbox s) throws IOException {
    sessions.endIn(s.key());
    docker.close(s.of());
    machine.runtime().removeSandbox(s.of().sandbox());
    Workspace.of(machine, s.of()).delete();
  }
}
