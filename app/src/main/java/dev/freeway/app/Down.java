package dev.freeway.app;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Stops the server of a data folder. Its containers keep running unless told otherwise by a reset.
@Command(name = "down", description = "Stop Freeway. State is kept.")
final class Down implements Callable<Integer> {
  private static final int PATIENCE_SECONDS = 20;

  @Mixin DataOption data = new DataOption();

  @Override
  public Integer call() throws Exception {
    Path folder = data.path();
    Optional<RunFile> running = RunFile.running(folder);
    if (running.isEmpty()) {
      System.out.println("freeway: nothing runs on " + folder);
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
    return 0;
  }
}
