package dev.freeway.containers.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The `docker` command as an unmodified buildspec calls it, inside a build's container.
class DockerCommandTest {
  private static final String WORKSPACE = "/codebuild/output/src";
  private Machine machine;
  private ImageStore store;
  private TestRegistry registry;
  private BuildDaemon daemon;
  private Path workspace;
  private int commands;

  @BeforeEach
  void open() throws Exception {
    var dir = Machine.directory("docker");
    store = new ImageStore(dir.resolve("images"));
    store.addSource(new BaseImages(store));
    machine = Machine.open(dir, store);
    registry = new TestRegistry();
    workspace = Files.createDirectories(dir.resolve("workspace"));
    var builder =
        new DockerfileBuilder(
            store,
            new BuildCache(dir.resolve("cache")),
            dir.resolve("scratch"),
            () -> new SandboxRunner(machine.runtime()));
    daemon =
        new BuildDaemon(
            new BuildDaemon.Services(store, builder, Registries.http(), dir.resolve("contexts")),
            "build-1",
            dir.resolve("daemon"),
            List.of(Mount.readWrite(workspace, WORKSPACE)));
    machine.runtime().createSandbox(SandboxSpec.named("build"));
  }

  @AfterEach
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
      registry.close();
    }
    if (machine != null) {
      machine.close();
    }
  }

  private record Outcome(int code, List<String> lines) {}

  private Outcome shell(String script) throws Exception {
    var mounts = new java.util.ArrayList<Mount>(daemon.mounts());
    mounts.add(Mount.readWrite(workspace, WORKSPACE));
    var spec =
        ContainerSpec.of("build", "c" + ++commands, new RootFs.HostToolchain(List.of()))
            .command("sh", "-ec", "PATH=" + daemon.binDirectory() + ":$PATH; " + script)
            .environment(Map.of("REGISTRY", registry.host()))
            .workingDirectory(WORKSPACE)
            .mounts(mounts)
            .build();
    var runtime = machine.runtime();
    runtime.create(spec);
    runtime.start(spec.id());
    int code = runtime.waitFor(spec.id()).code();
    var lines =
        runtime.logs(spec.id(), LogPosition.START, false).readAll().stream()
            .map(LogLine::text)
            .toList();
    return new Outcome(code, lines);
  }

  @Test
  void buildsTagsAndPushes() throws Exception {
    Files.writeString(
        workspace.resolve("Dockerfile"),
        "FROM freeway/base:1\nARG V\nRUN echo $V > /v\nCMD cat /v\n");
    var outcome =
        shell(
            """
            echo secret | docker login --username AWS --password-stdin $REGISTRY
            docker build -t app:latest --build-arg V=41 .
            docker tag app:latest $REGISTRY/team/app:1
            docker push $REGISTRY/team/app:1
            docker inspect --format='{{index .RepoDigests 0}}' $REGISTRY/team/app:1
            docker images -q app
            """);
    assertEquals(0, outcome.code(), outcome.lines()::toString);
    assertTrue(outcome.lines().contains("Login Succeeded"), outcome.lines()::toString);
    assertTrue(outcome.lines().contains("Successfully tagged app:latest"));
    assertTrue(registry.requests.contains("PUT /v2/team/app/manifests/1"));
    registry.requests.clear();
    assertEquals(0, shell("docker push $REGISTRY/team/app:1").code());
    assertTrue(registry.requests.stream().noneMatch(r -> r.startsWith("POST")), "sent twice");
    var there =
        new dev.freeway.containers.image.HttpRegistry(
            java.net.URI.create("http://" + registry.host()), TestRegistry.USER);
    var other = new ImageStore(machine.directory().resolve("other"));
    var pulled =
        other.pull(
            dev.freeway.containers.image.Reference.parse(registry.host() + "/team/app:1"), there);
    assertTrue(Files.exists(other.unpack(pulled).layers().getFirst().resolve("v")));
  }

  @Test
  void givesTheBuildItsSecrets() throws Exception {
    var outcome =
        shell(
            """
            mkdir /tmp/s; cd /tmp/s; printf hush > key; export TOKEN=quiet
            cat > Dockerfile <<'END'
            FROM freeway/base:1
            RUN --mount=type=secret,id=key --mount=type=secret,id=TOKEN \\
                cat /run/secrets/key /run/secrets/TOKEN | wc -c
            END
            docker build --secret id=key,src=key --secret=id=TOKEN,env=TOKEN .
            """);
    assertEquals(0, outcome.code(), outcome.lines()::toString);
    assertTrue(outcome.lines().contains("9"), outcome.lines()::toString);
  }

  @Test
  void buildsFromADirectoryOutsideTheWorkspace() throws Exception {
    var outcome =
        shell(
            """
            mkdir /tmp/elsewhere; cd /tmp/elsewhere; echo hi > file
            printf 'FROM scratch\\nCOPY file /\\n' > Other
            docker build -t elsewhere -f Other .
            """);
    assertEquals(0, outcome.code(), outcome.lines()::toString);
  }

  @Test
  void refusesWhatItDoesNotOffer() throws Exception {
    assertEquals(125, shell("docker run alpine").code());
    assertEquals(1, shell("docker push nowhere/app:1").code());
    assertEquals(125, shell("docker build --secret id=nowhere .").code());
    assertEquals(1, shell("docker build --ssh default .").code());
    assertEquals(1, shell("echo wrong | docker login -u AWS --password-stdin $REGISTRY").code());
    var missing = shell("docker build -t x .");
    assertEquals(1, missing.code());
    assertTrue(
        missing.lines().getFirst().contains("cannot find Dockerfile"), missing.lines()::toString);
  }

  @Test
  void keepsTheNamesOfBuildsApart() throws Exception {
    Files.writeString(workspace.resolve("Dockerfile"), "FROM scratch\nLABEL a=1\n");
    assertEquals(0, shell("docker build -t app .").code());
    assertTrue(store.find("app:latest").isEmpty());
    daemon.close();
    assertTrue(store.tags().isEmpty(), store.tags()::toString);
  }

  @Test
  void runsTheMachinesToolchain() throws Exception {
    var outcome =
        shell("git --version; java -version; mvn -v | head -1; pwd; touch made; ! touch /usr/x");
    assertEquals(0, outcome.code(), outcome.lines()::toString);
    assertTrue(outcome.lines().stream().anyMatch(l -> l.contains("git version")));
    assertTrue(outcome.lines().stream().anyMatch(l -> l.contains("Apache Maven")));
    assertTrue(Files.exists(workspace.resolve("made")));
  }
}
