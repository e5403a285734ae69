package dev.freeway.containers.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.containers.Container;
import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.image.Images;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdoptionTest {
  @Test
  void containersOutliveAKilledFreeway() throws Exception {
    Machine.start().close();
    var dir = Machine.directory("adoption");
    var orphan =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Orphan.class.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals("started", orphan.inputReader().readLine());
    orphan.destroyForcibly().waitFor();

    try (var machine = Machine.open(dir, Images.none(dir))) {
      var runtime = machine.runtime();
      assertEquals("task", runtime.sandboxes(Map.of("owner", "test")).getFirst().name());
      assertEquals(
          List.of("task.slow", "task.long"),
          runtime.list(Map.of()).stream().map(Container::id).toList());
      assertInstanceOf(
          Container.State.Running.class, runtime.inspect("task.long").orElseThrow().state());
      var lines = runtime.logs("task.slow", LogPosition.START, true).readAll();
      assertEquals(List.of("before", "after"), lines.stream().map(LogLine::text).toList());
      assertEquals(7, runtime.waitFor("task.slow").code());
      assertEquals(143, runtime.stop("task.long", Duration.ofSeconds(20)).code());
      var other = runtime.createSandbox(SandboxSpec.named("other"));
      var first = runtime.sandboxes(Map.of("owner", "test")).getFirst();
      assertTrue(!other.address().equals(first.address()), "the same address twice");
      assertEquals(first.gateway(), other.gateway(), "not on the same bridge");
    }
    Leftovers.assertNone(dir);
  }

  @Test
  void aContainerWhoseSupervisorWasKilledEndsAndIsReported() throws Exception {
    try (var machine = Machine.start()) {
      machine.sandbox("s");
      var runtime = machine.runtime();
      var spec =
          ContainerSpec.of("s", "main", new RootFs.HostToolchain(List.of()))
              .command("sleep", "1000")
              .build();
      runtime.create(spec);
      runtime.start(spec.id());
      var pids = Pids.read(machine.directory().resolve("containers").resolve(spec.id()));
      ProcessHandle.of(pids.supervisor()).orElseThrow().destroyForcibly();
      var status = runtime.waitFor(spec.id());
      assertEquals(137, status.code());
      assertTrue(status.reason().contains("supervisor was killed"), status.reason());
      assertTrue(!pids.initAlive());
    }
  }

  @Test
  void oneDirectoryServesOneProcess() throws Exception {
    try (var machine = Machine.start()) {
      var dir = machine.directory();
      assertThrows(
          ContainerException.Conflict.class, () -> new SandboxRuntime(dir, Images.none(dir)));
    }
  }
}
