package dev.freeway.containers.build;

import dev.freeway.containers.Container;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A container as `docker` shows it. What the runtime does not know of it is in its labels.
record BuildsContainer(Container container) {
  static final Map<String, String> LABELS = Map.of("dev.freeway.purpose", "docker-run");
  private static final String ID = "dev.freeway.docker.id";
  private static final String NAME = "dev.freeway.docker.name";
  private static final String IMAGE = "dev.freeway.docker.image";
  private static final String PORTS = "dev.freeway.docker.ports";
  private static final String REMOVED = "dev.freeway.docker.rm";

  /// A published port: the machine of a build's containers is the build's sandbox.
  record Port(int host, int container) {
    @Override
    public String toString() {
      return host + ":" + container;
    }
  }

  /// @param id 64 hexadecimal digits
  /// @param removedWhenOver by whoever sees its end; not for a command that still shows its output
  static Map<String, String> labels(
      String id, String name, String image, List<Port> ports, boolean removedWhenOver) {
    var labels = new HashMap<>(LABELS);
    labels.put(ID, id);
    labels.put(NAME, name);
    labels.put(IMAGE, image);
    labels.put(PORTS, ports.stream().map(Port::toString).collect(Collectors.joining(" ")));
    labels.put(REMOVED, Boolean.toString(removedWhenOver));
    return labels;
  }

  private String label(String key) {
    return container.labels().getOrDefault(key, "");
  }

  String id() {
    return label(ID);
  }

  String name() {
    return label(NAME);
  }

  String image() {
    return label(IMAGE);
  }

  List<Port> ports() {
    return Stream.of(label(PORTS).split(" "))
        .filter(pair -> !pair.isEmpty())
        .map(pair -> pair.split(":"))
        .map(pair -> new Port(Integer.parseInt(pair[0]), Integer.parseInt(pair[1])))
        .toList();
  }

  boolean removedWhenOver() {
    return Boolean.parseBoolean(label(REMOVED));
  }

  boolean running() {
    return container.state() instanceof Container.State.Running;
  }

  /// As Docker calls it.
  String status() {
    return switch (container.state()) {
      case Container.State.Created _ -> "created";
      case Container.State.Running _ -> "running";
      case Container.State.Exited _ -> "exited";
    };
  }
}
