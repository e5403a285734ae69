package dev.freeway.containers.build;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.Mount;
import dev.freeway.containers.image.Credentials;
import dev.freeway.containers.image.Manifest;
import dev.freeway.containers.image.Reference;
import dev.freeway.containers.image.Registry;
import dev.freeway.containers.image.StoredImage;
import dev.freeway.containers.image.Transfer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One call of the `docker` command. What is not offered is refused with exit code 125, as the real
/// command does for errors of its own.
record DockerCommand(
    BuildDaemon.Services services,
    PrivateTags tags,
    Map<String, Credentials> logins,
    List<Mount> workspace,
    @Nullable BuildContainers containers,
    Terminal terminal) {
  private static final String OFFERED =
      "build, tag, push, pull, login, logout, images, inspect, rmi, version, info, "
          + "and in privileged builds run, ps, stop, kill, rm, logs, exec, wait";
  private static final Set<String> OF_CONTAINERS =
      Set.of("run", "ps", "stop", "kill", "rm", "logs", "exec", "wait");

  void run() {
    int code;
    try {
      code = dispatch(terminal.words());
    } catch (BuildFailure e) {
      terminal.problem("ERROR: " + e.getMessage());
      code = 1;
    } catch (ContainerException | IOException e) {
      terminal.problem("docker: " + e.getMessage());
      code = 1;
    } catch (InterruptedException e) {
      terminal.problem("docker: the build was stopped");
      code = 130;
    }
    terminal.exit(code);
  }

  private int dispatch(List<String> words) throws BuildFailure, IOException, InterruptedException {
    if (words.isEmpty()) {
      return refuse("name a command: " + OFFERED);
    }
    var rest = words.subList(1, words.size());
    if (OF_CONTAINERS.contains(words.getFirst())) {
      return ofContainers(words.getFirst(), rest);
    }
    return switch (words.getFirst()) {
      case "build" -> build(rest);
      case "buildx", "builder", "image", "container" -> group(words.getFirst(), rest);
      case "tag" -> tag(rest);
      case "push" -> push(rest);
      case "pull" -> pull(rest);
      case "login" -> login(rest);
      case "logout" -> {
        logins.remove(rest.isEmpty() ? "" : rest.getFirst());
        yield 0;
      }
      case "images" -> new ImageListing(services, tags, containers, terminal).list(rest);
      case "inspect" -> new ImageListing(services, tags, containers, terminal).inspect(rest);
      case "rmi" -> remove(rest);
      case "version", "--version", "-v" -> {
        terminal.line("Freeway's docker command, for builds: " + OFFERED);
        yield 0;
      }
      case "info" -> {
        terminal.line("Server: Freeway image builder");
        terminal.line(" OSType: linux");
        terminal.line(" Architecture: " + Manifest.architecture());
        yield 0;
      }
      case "compose" ->
          refuse("'docker compose' is not offered: start each container by 'docker run'");
      default ->
          refuse(
              "'docker " + words.getFirst() + "' is not offered in a build; there are: " + OFFERED);
    };
  }

  private int ofContainers(String verb, List<String> rest)
      throws BuildFailure, InterruptedException {
    if (containers == null) {
      terminal.problem(
          "docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?");
      terminal.problem(
          "docker: containers run in privileged builds only: set privilegedMode in the project's environment");
      return verb.equals("run") ? 125 : 1;
    }
    var commands = new ContainerCommands(containers, terminal);
    return switch (verb) {
      case "run" ->
          new DockerRun(containers, new SharedFolders(workspace), terminal)
              .run(rest, this::runnable);
      case "ps" -> new ContainerListing(containers, terminal).list(rest);
      case "stop" -> commands.stop(rest);
      case "kill" -> commands.kill(rest);
      case "rm" -> commands.remove(rest);
      case "logs" -> commands.logs(rest);
      case "exec" -> commands.exec(rest);
      default -> commands.await(rest);
    };
  }

  private StoredImage runnable(String name) throws BuildFailure, IOException {
    var known = tags.findAny(name);
    if (known.isPresent()) {
      return known.get();
    }
    var reference = reference(name);
    terminal.problem("Unable to find image '" + reference + "' locally");
    return pull(reference);
  }

  private int group(String name, List<String> rest)
      throws BuildFailure, IOException, InterruptedException {
    if (name.equals("container") && !rest.isEmpty()) {
      var verb = rest.getFirst().equals("ls") ? "ps" : rest.getFirst();
      if (OF_CONTAINERS.contains(verb)) {
        return ofContainers(verb, rest.subList(1, rest.size()));
      }
    } else if (!rest.isEmpty()) {
      var inner = rest.getFirst();
      var arguments = rest.subList(1, rest.size());
      switch (inner) {
        case "build", "push", "pull", "tag", "inspect" -> {
          return dispatch(rest);
        }
        case "ls" -> {
          return new ImageListing(services, tags, containers, terminal).list(arguments);
        }
        case "rm" -> {
          return remove(arguments);
        }
        default -> {
          // Refused below.
        }
      }
    }
    return refuse("'docker " + name + " " + String.join(" ", rest) + "' is not offered in a build");
  }

  private int refuse(String why) {
    terminal.problem("docker: " + why);
    return 125;
  }

  private int build(List<String> words) throws BuildFailure, IOException, InterruptedException {
    return new DockerBuild(services, tags, workspace, terminal).run(words, this::send);
  }

  private int tag(List<String> words) throws BuildFailure {
    if (words.size() != 2) {
      return refuse("\"docker tag\" requires exactly 2 arguments");
    }
    tags.put(image(words.get(0)), reference(words.get(1)));
    return 0;
  }

  private StoredImage image(String name) throws BuildFailure {
    return tags.findAny(name)
        .or(() -> services.store().find(name))
        .orElseThrow(() -> new BuildFailure("No such image: " + name));
  }

  private static Reference reference(String text) throws BuildFailure {
    try {
      return Reference.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BuildFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private int push(List<String> words) throws BuildFailure, IOException {
    var arguments = Arguments.parse(words, Set.of(), Set.of("-q", "--quiet", "-a", "--all-tags"));
    if (arguments.rest().size() != 1) {
      return refuse("\"docker push\" requires exactly 1 argument");
    }
    var name = arguments.rest().getFirst();
    if (!arguments.has("-a", "--all-tags")) {
      send(reference(name));
      return 0;
    }
    for (var known : tags.all().keySet()) {
      if (reference(known).name().equals(reference(name).name())) {
        send(reference(known));
      }
    }
    return 0;
  }

  private void send(Reference to) throws BuildFailure, IOException {
    var image = tags.find(to.toString());
    if (image.isEmpty()) {
      throw new BuildFailure("An image does not exist locally with the tag: " + to.name());
    }
    new Transfer(services.store(), terminal::line).push(image.get(), to, registry(to.registry()));
  }

  private Registry registry(String host) throws BuildFailure {
    if (host.isEmpty()) {
      throw new BuildFailure(
          "the name has no registry host: tag the image as HOST/REPOSITORY:TAG first");
    }
    return services.registries().at(host, logins.get(host));
  }

  private int pull(List<String> words) throws BuildFailure, IOException {
    var arguments = Arguments.parse(words, Set.of("--platform"), Set.of("-q", "--quiet"));
    if (arguments.rest().size() != 1) {
      return refuse("\"docker pull\" requires exactly 1 argument");
    }
    var reference = reference(arguments.rest().getFirst());
    var image = pull(reference);
    terminal.line("Digest: " + image.digest());
    terminal.line("Status: Image is up to date for " + reference);
    return 0;
  }

  private StoredImage pull(Reference reference) throws BuildFailure, IOException {
    var image =
        reference.registry().isEmpty()
            ? services.store().obtain(reference.toString())
            : services.store().pull(reference, registry(reference.registry()));
    tags.put(image, reference);
    return image;
  }

  private int login(List<String> words) throws BuildFailure, IOException {
    var arguments =
        Arguments.parse(
            words, Set.of("-u", "--username", "-p", "--password"), Set.of("--password-stdin"));
    var host = arguments.rest().isEmpty() ? "" : arguments.rest().getFirst();
    host = host.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    if (host.isEmpty()) {
      return refuse("name the registry to log in to");
    }
    var password =
        arguments.has("--password-stdin")
            ? terminal.stdin().strip()
            : arguments.one("", "-p", "--password");
    var user = arguments.one("", "-u", "--username");
    if (user.isEmpty() || password.isEmpty()) {
      return refuse("login needs --username and --password-stdin");
    }
    var credentials = new Credentials(user, password);
    try {
      services.registries().at(host, credentials).check();
    } catch (IOException e) {
      throw new BuildFailure("login to " + host + " failed: " + e.getMessage(), e);
    }
    logins.put(host, credentials);
    terminal.line("Login Succeeded");
    return 0;
  }

  private int remove(List<String> words) throws BuildFailure {
    var arguments = Arguments.parse(words, Set.of(), Set.of("-f", "--force"));
    for (var name : arguments.rest()) {
      var reference = reference(name);
      if (tags.find(name).isEmpty()) {
        throw new BuildFailure("No such image: " + name);
      }
      tags.remove(reference);
      terminal.line("Untagged: " + reference);
    }
    return 0;
  }
}
