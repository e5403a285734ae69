package dev.freeway.app;

import dev.freeway.app.demo.Demo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Starts Freeway when it does not run, and drives the sample through the whole highway.
@Command(
    name = "demo",
    description = "Run the whole highway on a sample: git push to a running service.")
final class DemoCommand implements Callable<Integer> {
  @Mixin DataOption data = new DataOption();

  @Option(
      names = "--port",
      defaultValue = "4566",
      description = "the port to start on, if it does not run yet")
  int port;

  @Mixin RuntimeOption runtime = new RuntimeOption();

  @Override
  public Integer call() throws Exception {
    Path home = Path.of(System.getProperty("freeway.home", "."));
    Optional<RunFile> running = RunFile.running(data.path());
    if (running.isEmpty()) {
      System.out.println("starting Freeway");
      up(home);
      running = RunFile.running(data.path());
    }
    if (running.isEmpty()) {
      System.err.println("freeway: it did not start; see " + data.path().resolve("freeway.log"));
      return 1;
    }
    try {
      new Demo(running.get().endpoint(), home.resolve("examples/cats-vs-dogs")).run();
      return 0;
    } catch (Demo.NotSeen e) {
      System.err.println("freeway demo: " + e.getMessage());
      return 1;
    }
  }

  private void up(Path home) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(home.resolve("freeway").toString(), "up", "--detach"));
    command.addAll(List.of("--port", Integer.toString(port), "--data", data.path().toString()));
    runtime.chosen().ifPresent(kind -> command.addAll(List.of("--runtime", kind.word())));
    new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
