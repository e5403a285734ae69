package dev.freeway.containers.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.freeway.containers.Capabilities.Limit;
import dev.freeway.containers.Container;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.ExecSpec;
import dev.freeway.containers.ExitStatus;
import dev.freeway.containers.Limits;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.Mount;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.Ulimit;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class DockerRuntimeTest {
  private static final RootFs TOOLS = new RootFs.HostToolchain(List.of());
  private static final String SERVE =
      "perl -MIO::Socket::INET -e '$l=IO::Socket::INET->new(Listen=>5,LocalPort=>8080,ReuseAddr=>1); $|=1; print qq(up\\n); while($c=$l->accept){print $c qq(served\\n);close $c}'";
  private EngineMachine machine;
  private DockerRuntime runtime;

  @BeforeEach
  void open() throws Exception {
    machine = EngineMachine.start();
    runtime = machine.runtime();
    runtime.createSandbox(
        SandboxSpec.named("s").labels(Map.of("a", "1")).hosts(Map.of("db.local", "10.1.2.3")));
  }

  @AfterEach
  void close() throws Exception {
    if (machine != null) {
      machine.close();
    }
  }

  private record Outcome(ExitStatus status, List<String> lines) {}

  private String start(
      String sandbox,
      String name,
      RootFs root,
      String script,
      UnaryOperator<ContainerSpec.Builder> change) {
    var spec =
        change.apply(ContainerSpec.of(sandbox, name, root).command("sh", "-c", script)).build();
    runtime.create(spec);
    runtime.start(spec.id());
    return spec.id();
  }

  private Outcome run(RootFs root, String script, UnaryOperator<ContainerSpec.Builder> change)
      throws InterruptedException {
    var id = start("s", "main", root, script, change);
    var status = runtime.waitFor(id);
    var lines =
        runtime.logs(id, LogPosition.START, false).readAll().stream().map(LogLine::text).toList();
    runtime.remove(id);
    return new Outcome(status, lines);
  }

  @Test
  void runsTheMachinesToolchainWithAPrivateEtc() throws Exception {
    var outcome =
        run(
            TOOLS,
            "java -version 2>&1 | head -1; echo mine > /etc/planted && cat /etc/planted;"
                + " echo x > /usr/planted || echo refused; grep db.local /etc/hosts; hostname",
            UnaryOperator.identity());
    var said = outcome.lines().stream().filter(line -> !line.startsWith("sh:")).toList();
    assertTrue(
        said.getFirst().contains("version \"" + Runtime.version().feature()), said::toString);
    assertEquals(List.of("mine", "refused", "10.1.2.3\tdb.local", "s"), said.subList(1, 5));
    assertTrue(!Files.exists(Path.of("/etc/planted")));
  }

  @Test
  void mountsAsAsked() throws Exception {
    var shared = Files.createDirectory(machine.directory().resolve("shared"));
    var shown = Files.createDirectory(machine.directory().resolve("shown"));
    Files.writeString(shown.resolve("file"), "content");
    var outcome =
        run(
            TOOLS,
            """
            echo written > /shared/file; cat /shown/file; echo
            echo x > /shown/file || echo refused
            cat /own/file; echo; echo changed > /own/file; cat /own/file
            df -k /mem | tail -1 | awk '{print $2}'; echo x > /x || echo root refused
            """,
            c ->
                c.mounts(
                        List.of(
                            Mount.readWrite(shared, "/shared"),
                            Mount.readOnly(shown, "/shown"),
                            new Mount.Private(shown, "/own"),
                            new Mount.Tmpfs("/mem", 1 << 20)))
                    .readOnlyRoot(true));
    var said = outcome.lines().stream().filter(line -> !line.startsWith("sh:")).toList();
    assertEquals(List.of("content", "refused", "content", "changed", "1024", "root refused"), said);
    assertEquals("written\n", Files.readString(shared.resolve("file")));
    assertEquals("content", Files.readString(shown.resolve("file")));
  }

  @Test
  void saysWhenMemoryRanOut() throws Exception {
    Assumptions.assumeTrue(
        runtime.probe().limits().contains(Limit.MEMORY), "MEMORY is not enforced here");
    var outcome =
        run(TOOLS, "perl -e '$x = q(a) x 200000000'", c -> c.limits(new Limits(32 << 20, 0, 0)));
    assertEquals(137, outcome.status().code());
    assertTrue(outcome.status().outOfMemory(), outcome.status()::toString);
  }

  @Test
  void runsAsAUserAndRefusesOneItDoesNotKnow() throws Exception {
    assertEquals(List.of("65534"), run(TOOLS, "id -u", c -> c.user("nobody")).lines());
    var unknown =
        assertThrows(
            ContainerException.Failed.class, () -> run(TOOLS, "true", c -> c.user("nobody-such")));
    assertTrue(unknown.getMessage().contains("nobody-such"), unknown.getMessage());
  }

  @Test
  void reachesTheMachineAndOtherSandboxesAndIsReachedFromIt() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(runtime.gateway(), 0), 0);
    server.createContext(
        "/",
        call -> {
          call.sendResponseHeaders(200, 5);
          call.getResponseBody().write("hello".getBytes(StandardCharsets.UTF_8));
          call.close();
        });
    server.start();
    try {
      var fetch =
          "perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(q(host.freeway.internal:%d)) or die; print $s qq(GET / HTTP/1.0\\r\\n\\r\\n); print <$s>'";
      var said =
          run(TOOLS, fetch.formatted(server.getAddress().getPort()), UnaryOperator.identity());
      assertEquals("hello", said.lines().getLast());
    } finally {
      server.stop(0);
    }
    var id = start("s", "server", TOOLS, SERVE, UnaryOperator.identity());
    try (var logs = runtime.logs(id, LogPosition.START, true)) {
      assertEquals("up", logs.next().text());
    }
    var endpoint = runtime.endpoint("s", 8080);
    try (var socket = new Socket(endpoint.getAddress(), endpoint.getPort())) {
      assertEquals("served\n", new String(socket.getInputStream().readAllBytes()));
    }
    runtime.createSandbox(SandboxSpec.named("t"));
    var client =
        "perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(q("
            + endpoint.getHostString()
            + ":8080)) or die; print <$s>'";
    assertEquals(
        0, runtime.waitFor(start("t", "client", TOOLS, client, UnaryOperator.identity())).code());
    var stats = runtime.stats(id);
    assertTrue(
        stats.receivedBytes() > 0 && stats.sentBytes() > 0 && stats.pids() >= 2, stats::toString);
  }

  @Test
  void containersOfASandboxShareItsNetwork() throws Exception {
    var id = start("s", "server", TOOLS, SERVE, UnaryOperator.identity());
    try (var logs = runtime.logs(id, LogPosition.START, true)) {
      assertEquals("up", logs.next().text());
    }
    var client =
        "perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(q(127.0.0.1:8080)) or die; print <$s>'";
    assertEquals(List.of("served"), run(TOOLS, client, UnaryOperator.identity()).lines());
  }

  @Test
  void listensInsideASandboxAndBoundsProcesses() throws Exception {
    try (var server = runtime.listen("s", "169.254.170.2", 80)) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var connection = server.accept()) {
                  connection.write(java.nio.ByteBuffer.wrap("inside\n".getBytes()));
                } catch (java.io.IOException closed) {
                  // Nobody came.
                }
              });
      var fetch =
          "ulimit -n; perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(q(169.254.170.2:80)) or die; print <$s>'";
      assertEquals(
          List.of("123", "inside"),
          run(TOOLS, fetch, c -> c.ulimits(List.of(new Ulimit("nofile", 123, 456)))).lines());
    }
  }

  @Test
  void runsFurtherCommands() throws Exception {
    var id = start("s", "main", TOOLS, "exec sleep 1000", c -> c.environment(Map.of("A", "1")));
    var spec =
        new ExecSpec(
            List.of("sh", "-c", "cat; echo $A$B; pwd; echo bad >&2; exit 4"),
            Map.of("B", "2"),
            "/tmp",
            null,
            null);
    try (var exec = runtime.exec(id, spec)) {
      exec.stdin().write("input\n".getBytes());
      exec.stdin().close();
      assertEquals("input\n12\n/tmp\n", new String(exec.stdout().readAllBytes()));
      assertEquals("bad\n", new String(exec.stderr().readAllBytes()));
      assertEquals(4, exec.waitFor());
    }
    try (var exec = runtime.exec(id, ExecSpec.of("no-such-command"))) {
      assertTrue(Set.of(126, 127).contains(exec.waitFor()));
    }
    runtime.stop(id, Duration.ofSeconds(10));
    assertThrows(ContainerException.Conflict.class, () -> runtime.exec(id, ExecSpec.of("true")));
  }

  @Test
  void anotherProcessFindsWhatRunsAndWhatEndedMeanwhile() throws Exception {
    var runs =
        start("s", "runs", TOOLS, "echo one; exec sleep 1000", c -> c.labels(Map.of("b", "2")));
    var ends = start("s", "ends", TOOLS, "read x; exit 7", UnaryOperator.identity());
    try (var logs = runtime.logs(runs, LogPosition.START, true)) {
      assertEquals("one", logs.next().text());
    }
    runtime.close();
    try (var again = EngineMachine.open(machine.directory()).runtime()) {
      assertEquals("s", again.sandboxes(Map.of("a", "1")).getFirst().name());
      assertEquals(runs, again.list(Map.of("b", "2")).getFirst().id());
      assertTrue(again.inspect(runs).orElseThrow().state() instanceof Container.State.Running);
      assertEquals(7, again.waitFor(ends).code());
      assertEquals(143, again.stop(runs, Duration.ofSeconds(20)).code());
    }
  }

  @Test
  void keepsManyLinesAndLongOnes() throws Exception {
    var many = run(TOOLS, "seq 1 20000", UnaryOperator.identity());
    assertEquals(20_000, many.lines().size());
    assertEquals("20000", many.lines().getLast());
    var longOne =
        run(
            TOOLS,
            "head -c 100000 /dev/zero | tr '\\0' x; echo; printf end",
            UnaryOperator.identity());
    assertEquals("x".repeat(100_000) + "end", String.join("", longOne.lines()));
  }

  @Test
  void resumesALogAtAnyLine() throws Exception {
    var id = start("s", "main", TOOLS, "seq 1 300; seq 1 300 >&2", UnaryOperator.identity());
    runtime.waitFor(id);
    var all = runtime.logs(id, LogPosition.START, false).readAll();
    assertEquals(600, all.size());
    for (int i = 0; i < all.size(); i += 37) {
      var rest = runtime.logs(id, all.get(i).next(), false).readAll();
      assertEquals(all.subList(i + 1, all.size()), rest, "after line " + i);
    }
  }

  @Test
  void saysWhatToDoWhenNoEngineAnswers() {
    var problem =
        assertThrows(
            ContainerException.Unavailable.class,
            () ->
                new DockerRuntime(
                    machine.directory().resolve("other"),
                    machine.images(),
                    Path.of("/nowhere/docker.sock")));
    assertTrue(problem.getMessage().contains("/nowhere/docker.sock"), problem.getMessage());
    assertTrue(problem.getMessage().contains("--runtime sandbox"), problem.getMessage());
    assertThrows(
        ContainerException.Unavailable.class,
        () -> DockerRuntime.socket(Map.of("DOCKER_HOST", "tcp://10.0.0.1:2375")));
  }
}
