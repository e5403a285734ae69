package dev.freeway.containers.build;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.Mount;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.image.BaseImages;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Registries;
import dev.freeway.containers.image.TestRegistry;
import dev.freeway.containers.sandbox.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// A build's container with the `docker` command, as CodeBuild makes it.
record TestBuild(
    Machine machine,
    ImageStore store,
    TestRegistry registry,
    Path workspace,
    BuildDaemon daemon,
    AtomicInteger commands)
    implements AutoCloseable {
  static final String WORKSPACE = "/codebuild/output/src";
  private static final String SANDBOX = "build";

  record Outcome(int code, List<String> lines) {}

  static TestBuild open(String name, boolean privileged) throws Exception {
    var dir = Machine.directory(name);
    var store = new ImageStore(dir.resolve("images"));
    store.addSource(new BaseImages(store));
    var machine = Machine.open(dir, store);
    var workspace = Files.createDirectories(dir.resolve("workspace"));
    machine.runtime().createSandbox(SandboxSpec.named(SANDBOX));
    return new TestBuild(
        machine,
        store,
        new TestRegistry(),
        workspace,
        daemon(machine, store, workspace, privileged),
        new AtomicInteger());
  }

  private static BuildDaemon daemon(
      Machine machine, ImageStore store, Path workspace, boolean privileged) throws IOException {
    var dir = machine.directory();
    var builder =
        new DockerfileBuilder(
            store,
            new BuildCache(dir.resolve("cache")),
            dir.resolve("scratch"),
            () -> new SandboxRunner(machine.runtime()));
    return new BuildDaemon(
        new BuildDaemon.Services(store, builder, Registries.http(), dir.resolve("contexts")),
        "build-1",
        dir.resolve("daemon"),
        List.of(Mount.readWrite(workspace, WORKSPACE)),
        privileged ? new BuildDaemon.Place(machine.runtime(), SANDBOX) : null);
  }

  Outcome shell(String script) throws InterruptedException {
    var mounts = new ArrayList<Mount>(daemon.mounts());
    mounts.add(Mount.readWrite(workspace, WORKSPACE));
    var spec =
        ContainerSpec.of(
                SANDBOX, "c" + commands.incrementAndGet(), new RootFs.HostToolchain(List.of()))
            .command("bash", "-ec", "PATH=" + daemon.binDirectory() + ":$PATH; " + script)
            .environment(Map.of("REGISTRY", registry.host()))
            .workingDirectory(WORKSPACE)
            .mounts(mounts)
            .build();
    machine.runtime().create(spec);
    machine.runtime().start(spec.id());
    int code = machine.runtime().waitFor(spec.id()).code();
    try (var lines = machine.runtime().logs(spec.id(), LogPosition.START, false)) {
      return new Outcome(code, lines.readAll().stream().map(LogLine::text).toList());
    }
  }

  @Override
  public void close() throws Exception {
    daemon.close();
    registry.close();
    machine.close();
  }
}
