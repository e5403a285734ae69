package dev.freeway.containers.build;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.sandbox.SandboxRuntime;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// Runs commands in the sandbox runtime: one sandbox per build, made when the first command comes.
public final class SandboxRunner implements Runner {
  /// Label of the sandboxes made here. Those that exist at start are a crash's leftovers: see
  /// [#clearAway].
  public static final Map<String, String> LABELS = Map.of("dev.freeway.purpose", "image-build");

  private final SandboxRuntime runtime;
  private final String sandbox = "image-build-" + UUID.randomUUID().toString().substring(0, 8);
  private boolean made;
  private int commands;

  public SandboxRunner(SandboxRuntime runtime) {
    this.runtime = runtime;
  }

  /// Removes the sandboxes of builds that a crash cut off. Call before the first build.
  public static void clearAway(SandboxRuntime runtime) {
    runtime.sandboxes(LABELS).forEach(sandbox -> runtime.removeSandbox(sandbox.name()));
  }

  @Override
  public int run(Command command, Consumer<LogLine> output, Written written)
      throws IOException, InterruptedException {
    if (!made) {
      runtime.createSandbox(SandboxSpec.named(sandbox).labels(LABELS));
      made = true;
    }
    var container =
        runtime.create(
            ContainerSpec.of(sandbox, "run" + ++commands, new RootFs.Layers(command.layers()))
                .entrypoint(command.words())
                .environment(command.environment())
                .workingDirectory(command.workingDirectory())
                .user(command.user())
                .mounts(command.mounts())
                .labels(LABELS)
                .build());
    try {
      runtime.start(container.id());
      try (var lines = runtime.logs(container.id(), LogPosition.START, true)) {
        for (var line = lines.next(); line != null; line = lines.next()) {
          output.accept(line);
        }
      }
      var status = runtime.waitFor(container.id());
      if (status.code() == 0) {
        written.take(runtime.written(container.id()));
      } else if (!status.reason().isEmpty()) {
        output.accept(
            new LogLine(
                status.at(), LogLine.Stream.STDERR, status.reason(), false, LogPosition.START));
      }
      return status.code();
    } finally {
      runtime.remove(container.id());
    }
  }

  @Override
  public void close() {
    if (made) {
      runtime.removeSandbox(sandbox);
    }
  }
}
