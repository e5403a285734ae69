package dev.freeway.containers.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.freeway.containers.Capabilities.Limit;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.ExecSpec;
import dev.freeway.containers.ExitStatus;
import dev.freeway.containers.KernelCapabilities;
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

@Timeout(60)
class SandboxRuntimeTest {
  private static final UnaryOperator<ContainerSpec.Builder> PLAIN = UnaryOperator.identity();
  private Machine machine;
  private SandboxRuntime runtime;

  @BeforeEach
  void open() throws Exception {
    machine = Machine.start();
    runtime = machine.runtime();
    machine.sandbox("s");
  }

  @AfterEach
  void close() throws Exception {
    if (machine != null) {
      machine.close();
      Leftovers.assertNone(machine.directory());
    }
  }

  private record Outcome(ExitStatus status, List<String> lines) {
    String text() {
      return String.join("\n", lines);
    }
  }

  private String start(String name, String script, UnaryOperator<ContainerSpec.Builder> change) {
    var builder =
        ContainerSpec.of("s", name, new RootFs.HostToolchain(List.of()))
            .command("sh", "-c", script);
    var spec = change.apply(builder).build();
    runtime.create(spec);
    runtime.start(spec.id());
    return spec.id();
  }

  private Outcome run(String script, UnaryOperator<ContainerSpec.Builder> change)
      throws InterruptedException {
    var id = start("main", script, change);
    var status = runtime.waitFor(id);
    var lines =
        runtime.logs(id, LogPosition.START, false).readAll().stream().map(LogLine::text).toList();
    runtime.remove(id);
    return new Outcome(status, lines);
  }

  @Test
  void keepsAHundredThousandLines() throws Exception {
    var outcome = run("seq 1 100000", PLAIN);
    assertEquals(100_000, outcome.lines().size());
    assertEquals("1", outcome.lines().getFirst());
    assertEquals("100000", outcome.lines().getLast());
  }

  @Test
  void keepsAVeryLongLineInPiecesAndALastLineWithoutNewline() throws Exception {
    var outcome = run("head -c 700000 /dev/zero | tr '\\0' x; echo; printf end", PLAIN);
    assertEquals("x".repeat(700_000) + "end", String.join("", outcome.lines()));
  }

  @Test
  void saysWhenMemoryRanOut() throws Exception {
    assume(Limit.MEMORY);
    var outcome = run("perl -e '$x = q(a) x 200000000'", c -> c.limits(new Limits(32 << 20, 0, 0)));
    assertTrue(outcome.status().outOfMemory(), outcome.status()::toString);
    assertEquals(137, outcome.status().code());
  }

  @Test
  void limitsProcesses() throws Exception {
    assume(Limit.PIDS);
    var outcome =
        run(
            "for i in 1 2 3 4 5 6 7 8 9; do sleep 5 & done; echo all",
            c -> c.limits(new Limits(0, 0, 5)));
    assertFalse(outcome.lines().contains("all"), outcome.text());
  }

  @Test
  void lettingAJavaProgramSeeItsLimits() throws Exception {
    assume(Limit.MEMORY);
    var outcome =
        run("java -XshowSettings:system -version", c -> c.limits(new Limits(256 << 20, 1000, 0)));
    assertTrue(outcome.text().contains("Memory Limit: 256.00M"), outcome.text());
    assertTrue(outcome.text().contains("Effective CPU Count: 1"), outcome.text());
  }

  private void assume(Limit limit) {
    Assumptions.assumeTrue(
        runtime.probe().limits().contains(limit), () -> limit + " is not enforced here");
  }

  @Test
  void givesNoPowerOverTheMachine() throws Exception {
    var outcome =
        run(
            """
            mount -t tmpfs none /mnt && echo mounted
            echo 1 > /proc/sys/kernel/sysrq && echo sysctl
            echo x > /usr/planted && echo planted
            mknod /tmp/disk b 254 0 && cat /tmp/disk | head -c 1 > /dev/null && echo disk
            ls /proc | grep -c '^[0-9]'
            grep NoNewPrivs /proc/self/status
            hostname
            """,
            PLAIN);
    for (var line : List.of("mounted", "sysctl", "planted")) {
      assertFalse(outcome.lines().contains(line), outcome.text());
    }
    assertTrue(outcome.lines().contains("NoNewPrivs:\t1"), outcome.text());
    assertEquals("s", outcome.lines().getLast());
    assertFalse(Files.exists(Path.of("/usr/planted")));
  }

  @Test
  void runsAsAUserAndMayListenOnLowPorts() throws Exception {
    var outcome =
        run(
            "id -u; id -g; echo $HOME; perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen=>1,LocalPort=>80) ? qq(listens\\n) : qq($!\\n)'",
            c -> c.user("nobody"));
    assertEquals(List.of("65534", "65534", "/nonexistent", "listens"), outcome.lines());
    var unknown =
        assertThrows(
            ContainerException.Failed.class, () -> run("true", c -> c.user("nobody-such")));
    assertTrue(unknown.getMessage().contains("no user nobody-such"), unknown.getMessage());
  }

  @Test
  void boundsWhatOneProcessMayUse() throws Exception {
    var limits = List.of(new Ulimit("nofile", 100, 200), new Ulimit("core", 0, 0));
    var outcome = run("ulimit -Sn; ulimit -Hn; ulimit -c", c -> c.ulimits(limits));
    assertEquals(List.of("100", "200", "0"), outcome.lines());
    var beyond = List.of(new Ulimit("nofile", 9_000_000_000L, 9_000_000_000L));
    assertEquals(0, run("ulimit -n", c -> c.ulimits(beyond)).status().code());
  }

  @Test
  void addsAndDropsCapabilities() throws Exception {
    var show = "grep CapBnd /proc/self/status | cut -f2";
    long usual = Long.parseLong(run(show, c -> c).lines().getFirst().strip(), 16);
    var less = new KernelCapabilities(List.of(), List.of("NET_RAW"));
    assertEquals(
        usual & ~(1L << 13),
        Long.parseLong(run(show, c -> c.capabilities(less)).lines().getFirst().strip(), 16));
    var only = new KernelCapabilities(List.of("CHOWN"), List.of("ALL"));
    assertEquals(
        1, Long.parseLong(run(show, c -> c.capabilities(only)).lines().getFirst().strip(), 16));
    var more = new KernelCapabilities(List.of("SYS_PTRACE"), List.of());
    assertEquals(
        usual | 1L << 19,
        Long.parseLong(run(show, c -> c.capabilities(more)).lines().getFirst().strip(), 16));
  }

  @Test
  void mountsAsAsked() throws Exception {
    var shared = Files.createDirectory(machine.directory().resolve("shared"));
    var shown = Files.createDirectory(machine.directory().resolve("shown"));
    Files.writeString(shown.resolve("file"), "content");
    var outcome =
        run(
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
  void reachesTheMachineAndIsReachedFromIt() throws Exception {
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
      var port = server.getAddress().getPort();
      var fetch =
          "perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(q(host.freeway.internal:%d)) or die; print $s qq(GET / HTTP/1.0\\r\\n\\r\\n); print <$s>'";
      assertTrue(run(fetch.formatted(port), PLAIN).text().endsWith("hello"));
    } finally {
      server.stop(0);
    }
    var id =
        start(
            "server",
            "perl -MIO::Socket::INET -e '$l=IO::Socket::INET->new(Listen=>5,LocalPort=>8080,ReuseAddr=>1); $|=1; print qq(up\\n); while($c=$l->accept){print $c qq(served\\n);close $c}'",
            PLAIN);
    try (var logs = runtime.logs(id, LogPosition.START, true)) {
      assertEquals("up", logs.next().text());
    }
    var endpoint = runtime.endpoint("s", 8080);
    try (var socket = new Socket(endpoint.getAddress(), endpoint.getPort())) {
      assertEquals("served\n", new String(socket.getInputStream().readAllBytes()));
    }
    runtime.createSandbox(SandboxSpec.named("t"));
    var spec =
        ContainerSpec.of("t", "client", new RootFs.HostToolchain(List.of()))
            .command(
                "perl",
                "-MIO::Socket::INET",
                "-e",
                "$s=IO::Socket::INET->new(q("
                    + endpoint.getHostString()
                    + ":8080)) or die; print <$s>")
            .build();
    runtime.create(spec);
    runtime.start(spec.id());
    assertEquals(0, runtime.waitFor(spec.id()).code());
    var stats = runtime.stats(id);
    assertTrue(
        stats.receivedBytes() > 0 && stats.sentBytes() > 0 && stats.pids() >= 2, stats::toString);
  }

  @Test
  void listensInsideASandboxForItsContainersAlone() throws Exception {
    machine.sandbox("t");
    try (var server = runtime.listen("s", "169.254.170.2", 80);
        var others = runtime.listen("t", "169.254.170.2", 80)) {
      answerOnce(server, "for s\n");
      answerOnce(others, "for t\n");
      var fetch =
          "perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(q(169.254.170.2:80)) or die; print <$s>'";
      assertEquals(List.of("for s"), run(fetch, PLAIN).lines());
    }
  }

  @Test
  void itsNameServerIsTheOneItWasGivenAndAnswersDatagrams() throws Exception {
    runtime.createSandbox(SandboxSpec.named("named").resolver("169.254.169.253"));
    try (var server = runtime.listenToDatagrams("named", "169.254.169.253", 53)) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  var from = server.receive(java.nio.ByteBuffer.allocate(64));
                  var text = "here".getBytes(StandardCharsets.UTF_8);
                  server.send(java.nio.ByteBuffer.wrap(text), from);
                } catch (java.io.IOException closed) {
                  // Nobody asked.
                }
              });
      var ask =
          "cat /etc/resolv.conf; perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(Proto=>q(udp),PeerAddr=>q(169.254.169.253:53)) or die; $s->send(q(?)); $s->recv($a,64); print $a'";
      var spec =
          ContainerSpec.of("named", "c", new RootFs.HostToolchain(List.of()))
              .command("sh", "-c", ask)
              .build();
      runtime.create(spec);
      runtime.start(spec.id());
      assertEquals(0, runtime.waitFor(spec.id()).code());
      var lines =
          runtime.logs(spec.id(), LogPosition.START, false).readAll().stream()
              .map(LogLine::text)
              .toList();
      assertEquals(List.of("nameserver 169.254.169.253", "here"), lines);
    }
  }

  private static void answerOnce(java.nio.channels.ServerSocketChannel server, String text) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (var connection = server.accept()) {
                connection.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
              } catch (java.io.IOException closed) {
                // Nobody came.
              }
            });
  }

  @Test
  void runsFurtherCommands() throws Exception {
    var id = start("main", "exec sleep 1000", c -> c.environment(Map.of("A", "1")));
    var spec =
        new ExecSpec(
            List.of("sh", "-c", "cat; echo $A$B; pwd; ps -e | grep -c sleep; exit 4"),
            Map.of("B", "2"),
            "/tmp",
            null,
            null);
    try (var exec = runtime.exec(id, spec)) {
      exec.stdin().write("input\n".getBytes());
      exec.stdin().close();
      var output = new String(exec.stdout().readAllBytes());
      assertEquals("input\n12\n/tmp\n1\n", output);
      assertEquals(4, exec.waitFor());
    }
    try (var exec = runtime.exec(id, ExecSpec.of("no-such-command"))) {
      assertEquals(127, exec.waitFor());
    }
    runtime.stop(id, Duration.ofSeconds(10));
    assertThrows(ContainerException.Conflict.class, () -> runtime.exec(id, ExecSpec.of("true")));
  }

  @Test
  void reapsOrphanedProcessesInside() throws Exception {
    var outcome =
        run("(sleep 0.1 & ) ; sleep 0.5; ps -e -o stat,comm | grep -c '^Z' ; true", PLAIN);
    assertEquals(List.of("0"), outcome.lines());
  }

  @Test
  void startsManyAtOnce() throws Exception {
    var threads = new java.util.ArrayList<Thread>();
    var failed = java.util.Collections.synchronizedList(new java.util.ArrayList<Throwable>());
    for (int i = 0; i < 12; i++) {
      var name = "many" + i;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      runtime.createSandbox(SandboxSpec.named(name));
                      var spec =
                          ContainerSpec.of(name, "main", new RootFs.HostToolchain(List.of()))
                              .command("sh", "-c", "exit 5")
                              .build();
                      runtime.create(spec);
                      runtime.start(spec.id());
                      assertEquals(5, runtime.waitFor(spec.id()).code());
                    } catch (Throwable e) {
                      failed.add(e);
                    }
                  }));
    }
    for (var thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failed);
    var addresses = Set.copyOf(runtime.sandboxes(Map.of()).stream().map(s -> s.address()).toList());
    assertEquals(13, addresses.size());
  }

  @Test
  void startsATrivialContainerQuickly() throws Exception {
    var times = new java.util.ArrayList<Long>();
    for (int i = 0; i < 15; i++) {
      long before = System.nanoTime();
      runtime.createSandbox(SandboxSpec.named("quick" + i));
      var spec =
          ContainerSpec.of("quick" + i, "main", new RootFs.HostToolchain(List.of()))
              .command("true")
              .build();
      runtime.create(spec);
      runtime.start(spec.id());
      runtime.waitFor(spec.id());
      times.add((System.nanoTime() - before) / 1_000_000);
      runtime.removeSandbox("quick" + i);
    }
    times.sort(null);
    System.out.println("sandbox + container, start to exit, ms, sorted: " + times);
    assertTrue(times.get(times.size() / 2) < 1000, times::toString);
  }
}
