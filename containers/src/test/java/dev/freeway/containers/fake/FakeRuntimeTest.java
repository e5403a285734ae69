package dev.freeway.containers.fake;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ContainerRuntimeContract;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.RootFs;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

class FakeRuntimeTest extends ContainerRuntimeContract {
  private final FakeRuntime runtime =
      new FakeRuntime(FakeRuntimeTest::program, InstantSource.system());

  private static @Nullable Program program(ContainerSpec spec) {
    if (spec.root() instanceof RootFs.Image(var reference)) {
      throw new ContainerException.ImageNotFound("there is no image " + reference);
    }
    var command = Objects.requireNonNull(spec.command());
    return switch (command.getFirst()) {
      case "exits" -> Program.prints(Integer.parseInt(command.get(1)));
      case "prints" ->
          process -> {
            process.out("out 1");
            process.err("err 1");
            process.out("out 2");
            return 0;
          };
      case "waits" -> ready(Program.untilStopped());
      case "ignores" -> ready(Program.stubborn());
      default -> null;
    };
  }

  private static Program ready(Program then) {
    return process -> {
      process.out("ready");
      return then.run(process);
    };
  }

  @Override
  protected ContainerRuntime runtime() {
    return runtime;
  }

  @Override
  protected RootFs root() {
    return new RootFs.Layers(List.of(Path.of("/")));
  }

  @Override
  protected List<String> exits(int code) {
    return List.of("exits", Integer.toString(code));
  }

  @Override
  protected List<String> printsThreeLines() {
    return List.of("prints");
  }

  @Override
  protected List<String> waitsForTerm() {
    return List.of("waits");
  }

  @Override
  protected List<String> ignoresTerm() {
    return List.of("ignores");
  }
}
