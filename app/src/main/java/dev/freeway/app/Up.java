package dev.freeway.app;

import dev.freeway.containers.ContainerException;
import dev.freeway.platform.http.PortInUseException;
import dev.freeway.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Starts the server and stays in the foreground; the launcher's `--detach` puts it in the
/// background.
@Command(name = "up", description = "Start Freeway.")
final class Up implements Callable<Integer> {
  @Mixin DataOption data = new DataOption();

  @Option(
      names = "--port",
      defaultValue = "4566",
      description = "the one port of every service (default ${DEFAULT-VALUE}; 0 takes a free one)")
  int port;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "the address to listen on (default ${DEFAULT-VALUE})")
  String host = "127.0.0.1";

  @Option(
      names = "--ephemeral",
      description = "keep nothing: state goes to a temporary folder without waiting for the disk")
  boolean ephemeral;

  @Option(
      names = "--time-scale",
      paramLabel = "N",
      defaultValue = "1",
      description = "run timers N times as fast (default 1)")
  double timeScale;

  @Mixin RuntimeOption runtime = new RuntimeOption();

  @Option(
      names = "--enforce-iam",
      defaultValue = "${env:FREEWAY_ENFORCE_IAM:-false}",
      description =
          "deny what no policy allows to users and roles made here (default: FREEWAY_ENFORCE_IAM, else"
              + " everything is allowed)")
  boolean enforceIam;

  @Option(names = "--detach", description = "return once it is ready")
  boolean detach;

  @Option(
      names = "--exercise",
      hidden = true,
      description = "answer some calls of its own and stop: what the build records start-up from")
  boolean exercise;

  @Override
  public Integer call() throws Exception {
    long start = System.nanoTime();
    Path folder = ephemeral ? Files.createTempDirectory("freeway-") : data.path();
    Files.createDirectories(folder);
    Server server;
    try {
      server =
          Server.start(
              new Server.Options(
                  folder, host, port, ephemeral, timeScale, enforceIam, runtime.chosen()));
    } catch (PortInUseException
        | StoreException.InUse
        | ContainerException.Unavailable
        | IllegalArgumentException e) {
      System.err.println("freeway: " + e.getMessage());
      return 1;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  stopped.countDown();
                },
                "shutdown"));
    new RunFile(ProcessHandle.current().pid(), server.port()).write(folder);
    System.out.printf(
        "freeway ready: endpoint http://localhost:%d  console http://localhost:%d/_freeway/console  data %s  (%d ms)%n",
        server.port(), server.port(), folder, (System.nanoTime() - start) / 1_000_000);
    if (exercise) {
      Exercise.run("http://localhost:" + server.port());
      return 0;
    }
    stopped.await();
    return 0;
  }
}
