package dev.freeway.containers.build;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.LogPosition;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.image.StoredImage;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/// `docker run`. The command's other end remembers the container's id: run again after a restart of
/// Freeway, it goes on with the container there is.
record DockerRun(BuildContainers containers, SharedFolders folders, Terminal terminal) {
  private static final int REFUSED = 125;
  private static final Duration GRACE = Duration.ofSeconds(10);

  /// Finds an image of the build by its name, or pulls it.
  interface Images {
    StoredImage get(String name) throws BuildFailure, IOException;
  }

  int run(List<String> words, Images images) throws InterruptedException {
    var known = terminal.remembered().split(" ");
    if (known[0].equals("exit")) {
      return Integer.parseInt(known[1]);
    }
    BuildsContainer c;
    boolean detached;
    boolean removed;
    try {
      var options = RunOptions.parse(words, folders, terminal);
      detached = options.detached();
      removed = options.removed();
      var there = containers.find(known[0].isEmpty() ? "-" : known[0]);
      c = there.isPresent() ? there.get() : create(options, images, known[0]);
      if (c.status().equals("created")) {
        containers.start(c);
      }
    } catch (BuildFailure | ContainerException | IOException e) {
      terminal.problem("docker: " + e.getMessage());
      return REFUSED;
    }
    if (detached) {
      terminal.line(c.id());
      return 0;
    }
    return attach(c, removed, position(known));
  }

  private static LogPosition position(String[] known) {
    return known.length == 3
        ? new LogPosition(Long.parseLong(known[1]), Long.parseLong(known[2]))
        : LogPosition.START;
  }

  private BuildsContainer create(RunOptions options, Images images, String known)
      throws BuildFailure, IOException {
    var id = known.isEmpty() ? newId() : known;
    var name = options.name().orElse("container-" + id.substring(0, 12));
    var other = containers.find(name);
    if (other.isPresent()) {
      throw new BuildFailure(
          "Conflict. The container name \"/"
              + name
              + "\" is already in use by container \""
              + other.get().id()
              + "\". You have to remove (or rename) that container to be able to reuse that name.");
    }
    var ports = options.ports();
    var image = images.get(options.image());
    var root = new RootFs.Image(image.reference().at(image.digest()).toString());
    boolean watched = options.detached() && options.removed();
    var spec =
        options
            .apply(ContainerSpec.of(containers.sandbox(), "docker." + name, root))
            .labels(BuildsContainer.labels(id, name, options.image(), ports, watched))
            .build();
    terminal.remember(id);
    var created = containers.create(spec);
    try {
      containers.start(created);
      return containers.get(id);
    } catch (IOException | ContainerException e) {
      containers.remove(created);
      throw e;
    }
  }

  private static String newId() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// Shows what it writes, to its end. When the command is killed, its container is stopped.
  private int attach(BuildsContainer c, boolean removed, LogPosition from)
      throws InterruptedException {
    Thread.ofVirtual().name("docker-run-attached").start(() -> stopWhenLeft(c));
    try {
      try (var lines = containers.runtime().logs(c.container().id(), from, true)) {
        for (var line = lines.next(); line != null; line = lines.next()) {
          terminal.show(line);
          terminal.remember(c.id() + " " + line.next().segment() + " " + line.next().offset());
        }
      }
      var status = containers.await(c);
      if (!status.reason().isEmpty()) {
        terminal.problem("docker: " + status.reason());
      }
      terminal.remember("exit " + status.code());
      return status.code();
    } finally {
      if (removed) {
        remove(c);
      }
    }
  }

  private void remove(BuildsContainer c) {
    try {
      containers.remove(c);
    } catch (IOException | ContainerException e) {
      terminal.problem("docker: cannot remove " + c.name() + ": " + e.getMessage());
    }
  }

  private void stopWhenLeft(BuildsContainer c) {
    terminal.awaitEnd();
    try {
      containers.runtime().stop(c.container().id(), GRACE);
    } catch (ContainerException over) {
      // It is gone already.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
