package dev.freeway.containers.build;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.Mount;
import dev.freeway.containers.image.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What `docker run` was asked for. What is not offered is refused by its name.
record RunOptions(Arguments arguments, SharedFolders folders, Terminal terminal) {
  private static final Set<String> VALUED =
      Set.of(
          "--name",
          "-e",
          "--env",
          "--env-file",
          "-p",
          "--publish",
          "-w",
          "--workdir",
          "--entrypoint",
          "-v",
          "--volume",
          "--network",
          "--net",
          "-u",
          "--user",
          "--platform");
  private static final Set<String> FLAGS =
      Set.of("-d", "--detach", "--rm", "-i", "--interactive", "--init");
  private static final Pattern PORT =
      Pattern.compile("(?:(?:0\\.0\\.0\\.0|127\\.0\\.0\\.1):)?(\\d{1,5}):(\\d{1,5})(/tcp|/udp)?");

  static RunOptions parse(List<String> words, SharedFolders folders, Terminal terminal)
      throws BuildFailure, IOException {
    var options = new RunOptions(Arguments.leading(words, VALUED, FLAGS), folders, terminal);
    options.check();
    return options;
  }

  private void check() throws BuildFailure, IOException {
    if (arguments.rest().isEmpty()) {
      throw new BuildFailure("\"docker run\" requires at least 1 argument: the image");
    }
    for (var network : arguments.all("--network", "--net")) {
      if (!Set.of("host", "bridge", "default").contains(network)) {
        throw new BuildFailure(
            "--network " + network + " is not offered: containers have the build's own network");
      }
    }
    var platform = arguments.one("", "--platform");
    if (!platform.isEmpty() && !platform.equals("linux/" + Manifest.architecture())) {
      throw new BuildFailure("cannot run " + platform + " on linux/" + Manifest.architecture());
    }
    if (arguments.has("-i", "--interactive")
        && terminal.file("-").filter(input -> input.length > 0).isPresent()) {
      throw new BuildFailure(
          "-i: 'docker run' hands no input on; mount a file, or use 'docker exec -i'");
    }
  }

  boolean detached() {
    return arguments.has("-d", "--detach");
  }

  boolean removed() {
    return arguments.has("--rm");
  }

  Optional<String> name() throws BuildFailure {
    var name = arguments.one("", "--name");
    if (!name.isEmpty() && !name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{1,99}")) {
      throw new BuildFailure("Invalid container name (" + name + ")");
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  String image() {
    return arguments.rest().getFirst();
  }

  List<BuildsContainer.Port> ports() throws BuildFailure {
    var ports = new ArrayList<BuildsContainer.Port>();
    for (var text : arguments.all("-p", "--publish")) {
      var matcher = PORT.matcher(text);
      if (!matcher.matches()) {
        throw new BuildFailure("-p " + text + " is not offered; use -p PORT:CONTAINER_PORT");
      }
      var port =
          new BuildsContainer.Port(
              Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      for (int number : new int[] {port.host(), port.container()}) {
        if (number < 1 || number > 65535) {
          throw new BuildFailure("Invalid port: " + number);
        }
      }
      if ("/udp".equals(matcher.group(3)) && port.host() != port.container()) {
        throw new BuildFailure("-p " + text + ": a UDP port can be published as itself only");
      }
      ports.add(port);
    }
    return ports;
  }

  /// The container, but for its name, image and labels.
  ContainerSpec.Builder apply(ContainerSpec.Builder spec) throws BuildFailure, IOException {
    var command = arguments.rest().subList(1, arguments.rest().size());
    if (arguments.options().containsKey("--entrypoint")) {
      var entrypoint = arguments.one("", "--entrypoint");
      spec.entrypoint(entrypoint.isEmpty() ? List.of() : List.of(entrypoint));
    }
    if (!command.isEmpty()) {
      spec.command(command);
    }
    if (!arguments.all("-w", "--workdir").isEmpty()) {
      spec.workingDirectory(arguments.one("/", "-w", "--workdir"));
    }
    if (!arguments.all("-u", "--user").isEmpty()) {
      spec.user(arguments.one("", "-u", "--user"));
    }
    return spec.environment(environment(arguments, terminal)).mounts(mounts());
  }

  /// Of `--env-file`, then `-e`; a name alone takes the value that the command's caller has.
  static Map<String, String> environment(Arguments arguments, Terminal terminal)
      throws BuildFailure, IOException {
    var words = new ArrayList<String>();
    for (var file : arguments.all("--env-file")) {
      var content =
          terminal
              .file(file)
              .orElseThrow(() -> new BuildFailure("open " + file + ": no such file or directory"));
      new String(content, StandardCharsets.UTF_8)
          .lines()
          .map(String::stripLeading)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(words::add);
    }
    words.addAll(arguments.all("-e", "--env"));
    var environment = new LinkedHashMap<String, String>();
    for (var word : words) {
      int equals = word.indexOf('=');
      if (equals == 0 || word.isEmpty()) {
        throw new BuildFailure("invalid environment variable: " + word);
      } else if (equals > 0) {
        environment.put(word.substring(0, equals), word.substring(equals + 1));
      } else {
        terminal.variable(word).ifPresent(value -> environment.put(word, value));
      }
    }
    return environment;
  }

  private List<Mount> mounts() throws BuildFailure, IOException {
    var mounts = new ArrayList<Mount>();
    for (var text : arguments.all("-v", "--volume")) {
      var parts = text.split(":", -1);
      var mode = parts.length == 3 ? parts[2] : "rw";
      if (parts.length < 2 || parts.length > 3 || !Set.of("rw", "ro").contains(mode)) {
        throw new BuildFailure("-v " + text + " is not offered; use -v DIRECTORY:PATH[:ro]");
      }
      if (!parts[0].startsWith("/") && !parts[0].startsWith(".")) {
        throw new BuildFailure(
            "-v " + text + ": named volumes are not offered; mount a directory of the sources");
      }
      if (!parts[1].startsWith("/")) {
        throw new BuildFailure("-v " + text + ": the path in the container must be absolute");
      }
      mounts.add(new Mount.Bind(source(parts[0]), parts[1], mode.equals("ro")));
    }
    return mounts;
  }

  private Path source(String path) throws BuildFailure, IOException {
    var there = Path.of(terminal.directory()).resolve(path).normalize();
    var here = folders.here(there);
    if (here == null) {
      var below = folders.mounts().stream().map(Mount::target).toList();
      throw new BuildFailure(
          "-v " + path + ": containers can be given files below " + below + " only");
    }
    if (!Files.exists(here)) {
      // As Docker does.
      Files.createDirectories(here);
    }
    return here;
  }
}
