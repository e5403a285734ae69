package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.image.Images;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A Freeway that starts containers and is then killed by the test.
final class Orphan {
  private Orphan() {}

  public static void main(String[] arguments) throws Exception {
    var dir = Path.of(arguments[0]);
    var runtime = new SandboxRuntime(dir, Images.none(dir));
    runtime.createSandbox(SandboxSpec.named("task").labels(Map.of("owner", "test")));
    start(runtime, "slow", "echo before; sleep 1; echo after; exit 7");
    start(runtime, "long", "echo ready; exec sleep 1000");
    System.out.println("started");
    Thread.sleep(600_000);
  }

  private static void start(SandboxRuntime runtime, String name, String script) {
    var spec =
        ContainerSpec.of("task", name, new RootFs.HostToolchain(List.of()))
            .command("sh", "-c", script)
            .build();
    runtime.create(spec);
    runtime.start(spec.id());
  }
}
