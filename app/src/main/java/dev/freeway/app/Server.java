package dev.freeway.app;

import dev.freeway.platform.Settings;
import dev.freeway.platform.http.AccessLog;
import dev.freeway.platform.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/// The HTTP front with a node behind it. A reset puts a new node behind the same front.
final class Server implements AutoCloseable {
  /// How `up` was called.
  ///
  /// @param runtime what containers run on; empty: as last time
  record Options(
      Path data,
      String host,
      int port,
      boolean ephemeral,
      double timeScale,
      boolean enforceIam,
      Optional<RuntimeOption.Kind> runtime) {}

  private static final Logger LOG = System.getLogger(Server.class.getName());

  private final Options options;
  private final FileAccessLog log;
  private final HttpServer http;
  private volatile Node node;

  private Server(Options options) throws Exception {
    this.options = options;
    this.log = new FileAccessLog(options.data().resolve("access.log"));
    this.http =
        new HttpServer(options.host(), options.port(), () -> node.gateway(), (AccessLog) log);
    // Bound before anything is opened: state is not touched when the port is taken.
    http.bind();
    node = open(options.runtime());
    node.start();
    http.start();
    Thread.ofVirtual().name("container-address").start(this::listenToContainers);
  }

  /// Builds and tasks call Freeway by the address of their network's gateway. Made behind the
  /// start's back: the first API answer does not wait for a bridge.
  private void listenToContainers() {
    try {
      Optional<String> gateway = node.containerGateway();
      if (gateway.isPresent() && !options.host().equals("0.0.0.0")) {
        http.alsoListen(gateway.get());
      }
    } catch (Exception e) {
      LOG.log(Level.WARNING, "containers cannot call Freeway: " + e.getMessage(), e);
    }
  }

  static Server start(Options options) throws Exception {
    return new Server(options);
  }

  private Node open(Optional<RuntimeOption.Kind> runtime) throws IOException {
    int port = http.port();
    Settings settings =
        new Settings(
            options.data(), options.host(), port, "http://localhost:" + port, options.ephemeral());
    return new Node(settings, options.timeScale(), options.enforceIam(), runtime, this::reset);
  }

  /// Forgets everything: containers, listeners, state.
  private synchronized void reset() {
    Node old = node;
    old.forget();
    old.close();
    try {
      deleteState(options.data());
      node = open(Optional.of(old.runtime()));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the state could not be renewed; stop Freeway and remove " + options.data(), e);
    }
    node.start();
  }

  private static void deleteState(Path data) throws IOException {
    try (var all = Files.walk(data.resolve("state"))) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }

  int port() {
    return http.port();
  }

  @Override
  public void close() {
    http.close();
    node.close();
    log.close();
  }
}
