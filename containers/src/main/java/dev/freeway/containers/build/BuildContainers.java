package dev.freeway.containers.build;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.ExitStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The containers a build has made by `docker run`. They are in the build's own sandbox: they share
/// its network, and end with it. All that is known of them is in their labels, so that a restarted
/// Freeway finds them again.
final class BuildContainers implements AutoCloseable {
  private final ContainerRuntime runtime;
  private final String sandbox;
  private final Map<String, List<Forward>> forwards = new ConcurrentHashMap<>();
  private boolean closed;

  BuildContainers(BuildDaemon.Place place) throws IOException {
    runtime = place.runtime();
    sandbox = place.sandbox();
    for (var there : all()) {
      if (there.running()) {
        publish(there);
        watch(there);
      }
    }
  }

  ContainerRuntime runtime() {
    return runtime;
  }

  String sandbox() {
    return sandbox;
  }

  /// Where all of them are reached.
  String address() {
    return runtime.endpoint(sandbox, 1).getHostString();
  }

  List<BuildsContainer> all() {
    return runtime.list(BuildsContainer.LABELS).stream()
        .filter(container -> container.sandbox().equals(sandbox))
        .map(BuildsContainer::new)
        .toList();
  }

  /// By name, or by (the beginning of) its id.
  Optional<BuildsContainer> find(String text) {
    var all = all();
    return all.stream()
        .filter(c -> c.name().equals(text))
        .findFirst()
        .or(
            () ->
                text.matches("[0-9a-f]{4,64}")
                    ? all.stream().filter(c -> c.id().startsWith(text)).findFirst()
                    : Optional.empty());
  }

  BuildsContainer get(String text) throws BuildFailure {
    return find(text).orElseThrow(() -> new BuildFailure("No such container: " + text));
  }

  /// The build may end while its container is being made: then there is none.
  synchronized BuildsContainer create(ContainerSpec spec) {
    open();
    return new BuildsContainer(runtime.create(spec));
  }

  synchronized void start(BuildsContainer created) throws IOException {
    open();
    publish(created);
    try {
      runtime.start(created.container().id());
    } finally {
      watch(created);
    }
  }

  private void open() {
    if (closed) {
      throw new ContainerException.Conflict("the build is over");
    }
  }

  private void publish(BuildsContainer c) throws IOException {
    var opened = new ArrayList<Forward>();
    forwards.put(c.id(), opened);
    for (var port : c.ports()) {
      try {
        // The container's own network is the build's: the same port needs nothing.
        if (port.host() != port.container()) {
          opened.add(
              new Forward(
                  runtime.listen(sandbox, "127.0.0.1", port.host()),
                  runtime.endpoint(sandbox, port.container())));
        }
      } catch (ContainerException e) {
        unpublish(c.id());
        throw new ContainerException.Failed(
            "Bind for 127.0.0.1:" + port.host() + " failed: " + e.getMessage(), e);
      }
    }
  }

  private void unpublish(String id) throws IOException {
    var open = forwards.remove(id);
    if (open != null) {
      for (var forward : open) {
        forward.close();
      }
    }
  }

  private void watch(BuildsContainer c) {
    Thread.ofVirtual()
        .name("docker-run-" + c.name())
        .start(
            () -> {
              try {
                await(c);
                unpublish(c.id());
                if (c.removedWhenOver()) {
                  remove(c);
                }
              } catch (InterruptedException | IOException | ContainerException over) {
                // It is gone already, or goes with the build.
              }
            });
  }

  ExitStatus await(BuildsContainer c) throws InterruptedException {
    return runtime.waitFor(c.container().id());
  }

  /// Kills it when it runs.
  synchronized void remove(BuildsContainer c) throws IOException {
    runtime.remove(c.container().id());
    unpublish(c.id());
  }

  /// Nothing is made any more, and nothing published; what runs goes with the sandbox.
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    for (var id : List.copyOf(forwards.keySet())) {
      unpublish(id);
    }
  }
}
