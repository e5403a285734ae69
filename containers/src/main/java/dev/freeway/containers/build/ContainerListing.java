package dev.freeway.containers.build;

import dev.freeway.containers.Container;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `docker ps`, and what `docker inspect` says of a container.
record ContainerListing(BuildContainers containers, Terminal terminal) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String ROW = "%-14s %-40s %-14s %-20s %s";

  int list(List<String> words) throws BuildFailure {
    var arguments =
        Arguments.parse(
            words,
            Set.of("-f", "--filter", "--format"),
            Set.of("-q", "--quiet", "-a", "--all", "--no-trunc"));
    boolean quiet = arguments.has("-q", "--quiet");
    var format = arguments.one("", "--format");
    if (!quiet && format.isEmpty()) {
      terminal.line(String.format(ROW, "CONTAINER ID", "IMAGE", "STATUS", "PORTS", "NAMES"));
    }
    for (var c : containers.all().reversed()) {
      if ((arguments.has("-a", "--all") || c.running() || filtersByStatus(arguments))
          && passes(c, arguments.all("-f", "--filter"))) {
        var id = arguments.has("--no-trunc") ? c.id() : c.id().substring(0, 12);
        if (quiet) {
          terminal.line(id);
        } else if (format.isEmpty()) {
          terminal.line(String.format(ROW, id, c.image(), status(c), ports(c), c.name()));
        } else {
          terminal.line(Template.apply(format, row(c, id)));
        }
      }
    }
    return 0;
  }

  private static boolean filtersByStatus(Arguments arguments) {
    return arguments.all("-f", "--filter").stream().anyMatch(f -> f.startsWith("status="));
  }

  private static boolean passes(BuildsContainer c, List<String> filters) throws BuildFailure {
    for (var filter : filters) {
      var value = filter.substring(filter.indexOf('=') + 1);
      boolean passes =
          switch (filter.substring(0, Math.max(0, filter.indexOf('=')))) {
            case "name" -> c.name().contains(value.replaceAll("^\\^?/?|\\$$", ""));
            case "status" -> c.status().equals(value);
            case "id" -> c.id().startsWith(value);
            default ->
                throw new BuildFailure(
                    "the filter " + filter + " is not supported; use name=, status= or id=");
          };
      if (!passes) {
        return false;
      }
    }
    return true;
  }

  private static ObjectNode row(BuildsContainer c, String id) {
    return JSON.createObjectNode()
        .put("ID", id)
        .put("Image", c.image())
        .put("Names", c.name())
        .put("Status", status(c))
        .put("State", c.status())
        .put("Ports", ports(c));
  }

  private static String ports(BuildsContainer c) {
    return c.ports().stream()
        .map(port -> port.host() + "->" + port.container())
        .collect(Collectors.joining(", "));
  }

  private static String status(BuildsContainer c) {
    return switch (c.container().state()) {
      case Container.State.Created _ -> "Created";
      case Container.State.Running _ -> "Up";
      case Container.State.Exited e -> "Exited (" + e.status().code() + ")";
    };
  }

  static ObjectNode describe(BuildsContainer c, String address) {
    var json = JSON.createObjectNode();
    json.put("Id", c.id());
    json.put("Created", c.container().createdAt().toString());
    json.put("Name", "/" + c.name());
    json.put("Image", c.container().imageDigest());
    json.putObject("Config").put("Image", c.image());
    var network = json.putObject("NetworkSettings").put("IPAddress", address);
    network.putObject("Networks").putObject("bridge").put("IPAddress", address);
    var state = json.putObject("State").put("Status", c.status()).put("Running", c.running());
    var started = Instant.EPOCH;
    var finished = Instant.EPOCH;
    int code = 0;
    boolean outOfMemory = false;
    var error = "";
    if (c.container().state() instanceof Container.State.Running running) {
      started = running.startedAt();
    } else if (c.container().state() instanceof Container.State.Exited(var status)) {
      finished = status.at();
      code = status.code();
      outOfMemory = status.outOfMemory();
      error = status.reason();
    }
    state.put("OOMKilled", outOfMemory).put("ExitCode", code).put("Error", error);
    state.put("StartedAt", started.toString()).put("FinishedAt", finished.toString());
    return json;
  }
}
