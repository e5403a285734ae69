package dev.freeway.containers.build;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ExecSpec;
import dev.freeway.containers.LogLine;
import dev.freeway.containers.LogPosition;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// What `docker` does with containers that are there.
record ContainerCommands(BuildContainers containers, Terminal terminal) {
  private static final int REFUSED = 125;

  private interface Each {
    void act(BuildsContainer c) throws BuildFailure, IOException, InterruptedException;
  }

  /// Does what can be done, and fails when something could not.
  private int each(Arguments arguments, String verb, Each work)
      throws BuildFailure, InterruptedException {
    if (arguments.rest().isEmpty()) {
      throw new BuildFailure("\"docker " + verb + "\" requires at least 1 argument");
    }
    int code = 0;
    for (var name : arguments.rest()) {
      try {
        work.act(containers.get(name));
      } catch (BuildFailure | ContainerException | IOException e) {
        terminal.problem("Error response from daemon: " + e.getMessage());
        code = 1;
      }
    }
    return code;
  }

  int stop(List<String> words) throws BuildFailure, InterruptedException {
    var arguments = Arguments.parse(words, Set.of("-t", "--time", "--timeout"), Set.of());
    var grace = Duration.ofSeconds(number(arguments.one("10", "-t", "--time", "--timeout")));
    return each(
        arguments,
        "stop",
        c -> {
          if (c.running()) {
            containers.runtime().stop(c.container().id(), grace);
          }
          if (c.removedWhenOver()) {
            containers.remove(c);
          }
          terminal.line(c.name());
        });
  }

  private static long number(String text) throws BuildFailure {
    if (!text.matches("\\d{1,6}")) {
      throw new BuildFailure("invalid number: " + text);
    }
    return Long.parseLong(text);
  }

  int kill(List<String> words) throws BuildFailure, InterruptedException {
    var arguments = Arguments.parse(words, Set.of("-s", "--signal"), Set.of());
    var signal = arguments.one("KILL", "-s", "--signal");
    return each(
        arguments,
        "kill",
        c -> {
          if (!c.running()) {
            throw new BuildFailure(
                "Cannot kill container: " + c.name() + ": Container " + c.id() + " is not running");
          }
          containers.runtime().signal(c.container().id(), signal);
          terminal.line(c.name());
        });
  }

  int remove(List<String> words) throws BuildFailure, InterruptedException {
    var arguments = Arguments.parse(words, Set.of(), Set.of("-f", "--force", "-v", "--volumes"));
    boolean force = arguments.has("-f", "--force");
    // Whoever forces wants it gone, and it is.
    var there =
        new Arguments(
            arguments.options(),
            arguments.rest().stream()
                .filter(name -> !force || containers.find(name).isPresent())
                .toList());
    if (there.rest().isEmpty() && !arguments.rest().isEmpty()) {
      return 0;
    }
    return each(
        there,
        "rm",
        c -> {
          if (c.running() && !force) {
            throw new BuildFailure(
                "cannot remove container \"/"
                    + c.name()
                    + "\": container is running: stop the container before removing or force remove");
          }
          containers.remove(c);
          terminal.line(c.name());
        });
  }

  int await(List<String> words) throws BuildFailure, InterruptedException {
    return each(
        Arguments.parse(words, Set.of(), Set.of()),
        "wait",
        c -> terminal.line(Integer.toString(containers.await(c).code())));
  }

  int logs(List<String> words) throws BuildFailure, InterruptedException {
    var arguments = Arguments.parse(words, Set.of("-n", "--tail"), Set.of("-f", "--follow"));
    if (arguments.rest().size() != 1) {
      throw new BuildFailure("\"docker logs\" requires exactly 1 argument");
    }
    var id = containers.get(arguments.rest().getFirst()).container().id();
    boolean follow = arguments.has("-f", "--follow");
    var from = LogPosition.START;
    var tail = arguments.one("all", "-n", "--tail");
    if (!tail.equals("all")) {
      try (var lines = containers.runtime().logs(id, from, false)) {
        var all = lines.readAll();
        var skipped = all.subList(0, (int) Math.max(0, all.size() - number(tail)));
        from = skipped.isEmpty() ? from : skipped.getLast().next();
      }
    }
    try (var lines = containers.runtime().logs(id, from, follow)) {
      for (var line = lines.next(); line != null; line = lines.next()) {
        terminal.show(line);
      }
    }
    return 0;
  }

  int exec(List<String> words) throws InterruptedException {
    if (!terminal.remembered().isEmpty()) {
      terminal.problem(
          "docker: Freeway was restarted while the command ran; how it ended is unknown");
      return REFUSED;
    }
    try {
      var arguments =
          Arguments.leading(
              words,
              Set.of("-e", "--env", "--env-file", "-u", "--user", "-w", "--workdir"),
              Set.of("-i", "--interactive"));
      if (arguments.rest().size() < 2) {
        throw new BuildFailure("\"docker exec\" requires at least 2 arguments");
      }
      var c = containers.get(arguments.rest().getFirst());
      if (!c.running()) {
        throw new BuildFailure("Container " + c.id() + " is not running");
      }
      var input =
          arguments.has("-i", "--interactive")
              ? terminal.file("-").orElse(new byte[0])
              : new byte[0];
      var spec =
          new ExecSpec(
              arguments.rest().subList(1, arguments.rest().size()),
              RunOptions.environment(arguments, terminal),
              given(arguments, "-w", "--workdir"),
              given(arguments, "-u", "--user"),
              null);
      terminal.remember("exec");
      return run(c, spec, input);
    } catch (BuildFailure | ContainerException | IOException e) {
      terminal.problem("Error response from daemon: " + e.getMessage());
      return 1;
    }
  }

  private static @Nullable String given(Arguments arguments, String... names) {
    return arguments.all(names).isEmpty() ? null : arguments.one("", names);
  }

  private int run(BuildsContainer c, ExecSpec spec, byte[] input)
      throws IOException, InterruptedException {
    try (var exec = containers.runtime().exec(c.container().id(), spec)) {
      var shown = new CountDownLatch(2);
      show(LogLine.Stream.STDOUT, exec.stdout(), shown);
      show(LogLine.Stream.STDERR, exec.stderr(), shown);
      try (var stdin = exec.stdin()) {
        stdin.write(input);
      } catch (IOException readsNothing) {
        // A command may end without its input.
      }
      shown.await();
      return exec.waitFor();
    }
  }

  private void show(LogLine.Stream stream, InputStream from, CountDownLatch shown) {
    Thread.ofVirtual()
        .name("docker-exec")
        .start(
            () -> {
              try (from) {
                var bytes = new byte[1 << 14];
                for (int n = from.read(bytes); n >= 0; n = from.read(bytes)) {
                  terminal.show(stream, java.util.Arrays.copyOf(bytes, n));
                }
              } catch (IOException | java.io.UncheckedIOException over) {
                // The command was killed, or nobody looks any more.
              } finally {
                shown.countDown();
              }
            });
  }
}
