package dev.freeway.app;

import dev.freeway.containers.ContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Stops the server of a data folder. Its containers run on unless told otherwise.
@Command(name = "down", description = "Stop Freeway. State is kept.")
final class Down implements Callable<Integer> {
  private static final int PATIENCE_SECONDS = 20;

  @Mixin DataOption data = new DataOption();

  @Option(
      names = "--containers",
      description = "stop tasks and builds as well; otherwise they run on and are found again")
  boolean containers;

  @Override
  public Integer call() throws Exception {
    Path folder = data.path();
    Optional<RunFile> running = RunFile.running(folder);
    if (running.isEmpty()) {
      System.out.println("freeway: nothing runs on " + folder);
      containers(folder);
      return 0;
    }
    ProcessHandle process = ProcessHandle.of(running.get().pid()).orElseThrow();
    process.destroy();
    try {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      System.err.println(
          "freeway: process "
              + process.pid()
              + " did not stop in "
              + PATIENCE_SECONDS
              + " s; killing it");
      process.destroyForcibly();
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    RunFile.remove(folder);
    System.out.println("freeway: stopped");
    containers(folder);
    return 0;
  }

  // They are not ours to end unasked: a service behind a load balancer of another kind may be in
  // use.
  private void containers(Path folder) throws IOException {
    Path state = folder.resolve("state/containers");
    if (!Files.isDirectory(state)) {
      return;
    }
    try (ContainerHost host = ContainerHost.open(state, Optional.empty())) {
      var sandboxes = host.runtime().sandboxes(Map.of());
      if (containers) {
        sandboxes.forEach(s -> host.runtime().removeSandbox(s.name()));
        System.out.println("freeway: stopped " + sandboxes.size() + " tasks and builds");
      } else if (!sandboxes.isEmpty()) {
        System.out.println(
            "freeway: "
                + sandboxes.size()
                + " tasks and builds run on, and are found again at the next `up`;"
                + " `down --containers` stops them");
      }
    } catch (ContainerException.Unavailable e) {
      System.err.println("freeway: tasks and builds were not looked at: " + e.getMessage());
    }
  }
}
