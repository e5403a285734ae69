package dev.freeway.testkit;

import dev.freeway.flow.Flow;
import dev.freeway.flow.SettableClock;
import dev.freeway.platform.Assembly;
import dev.freeway.platform.Call;
import dev.freeway.platform.Gateway;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.platform.Scope;
import dev.freeway.platform.Service;
import dev.freeway.platform.Settings;
import dev.freeway.platform.http.AccessLog;
import dev.freeway.platform.http.HttpServer;
import dev.freeway.store.Blobs;
import dev.freeway.store.Store;
import dev.freeway.wire.Operation;
import dev.freeway.wire.Structure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A system of some services in this process. Background work runs only in [#run], on the test's
/// thread, by a clock that stands still until [#advance].
///
/// ```java
/// try (var node = TestNode.of(Sqs::new)) {
///   var queue = node.call(CREATE_QUEUE, CreateQueueRequest.builder().queueName("q").build());
/// }
/// ```
public final class TestNode implements AutoCloseable {
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Path folder;
  private final Store store;
  private final SettableClock clock = new SettableClock(START);
  private final Flow flow;
  private final Assembly assembly;
  private final Gateway gateway;
  private @Nullable HttpServer http;

  private TestNode(List<Function<Platform, Service>> services) {
    Blobs blobs;
    try {
      folder = Files.createTempDirectory("freeway-test");
      blobs = Blobs.open(folder.resolve("blobs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store = Store.ephemeral();
    flow = new Flow(store, clock);
    assembly = new Assembly(Settings.local(folder, 4566, true), store, blobs, flow);
    services.forEach(s -> assembly.add(s.apply(assembly.platform())));
    gateway = assembly.gateway(List.of());
    assembly.start();
    flow.startManually();
  }

  @SafeVarargs
  public static TestNode of(Function<Platform, Service>... services) {
    return new TestNode(List.of(services));
  }

  public Platform platform() {
    return assembly.platform();
  }

  public Store store() {
    return store;
  }

  public Path folder() {
    return folder;
  }

  /// Sets the clock forward and runs what has come due.
  public void advance(Duration by) {
    clock.advance(by);
    run();
  }

  /// Runs all background work that is due now.
  public int run() {
    return flow.tick();
  }

  /// The context of a call by the root of the default account.
  public Call call() {
    return call(new Scope(Scope.DEFAULT_ACCOUNT, Scope.DEFAULT_REGION));
  }

  public Call call(Scope scope) {
    return new Call(
        scope,
        Principal.root(scope.account(), scope.account()),
        Ids.uuid(),
        clock.instant(),
        "http://localhost:4566");
  }

  public <I extends Structure, O extends Structure> O call(Operation<I, O> operation, I input) {
    return platform().clients().call(call(), operation, input);
  }

  /// Serves HTTP on a free port, for real clients; the base URL.
  public synchronized String endpoint() {
    if (http == null) {
      http = new HttpServer("127.0.0.1", 0, () -> gateway, AccessLog.NONE);
      http.bind();
      try {
        http.start();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return "http://127.0.0.1:" + http.port();
  }

  @Override
  public void close() {
    if (http != null) {
      http.close();
    }
    flow.close();
    assembly.registry().all().forEach(e -> e.service().close());
    store.close();
    try (var all = Files.walk(folder)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
