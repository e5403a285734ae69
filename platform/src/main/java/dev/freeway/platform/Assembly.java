package dev.freeway.platform;

import dev.freeway.flow.Flow;
import dev.freeway.flow.FlowClock;
import dev.freeway.store.Blobs;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.List;

/// Puts a system together: first the platform, then the services on it, then the gateway in front.
public final class Assembly {
  private final ServiceRegistry registry = new ServiceRegistry();
  private final Dispatcher dispatcher = new Dispatcher();
  private final Platform platform;

  public Assembly(Settings settings, Store store, Blobs blobs, Flow flow) {
    FlowClock clock = flow.clock();
    platform =
        new Platform(
            settings,
            store,
            blobs,
            flow,
            clock,
            new EventBus(store, flow),
            new Clients(registry, dispatcher),
            new Identities(store, clock),
            new TagRegistry(),
            new Measures(),
            dispatcher::authorizer);
  }

  /// From now on calls need permission.
  public Assembly enforce(Authorizer authorizer) {
    dispatcher.enforce(authorizer);
    return this;
  }

  public Platform platform() {
    return platform;
  }

  public ServiceRegistry registry() {
    return registry;
  }

  /// Adds a service with its operations and its background work.
  public Assembly add(Service service) {
    registry.add(service);
    service.reconcilers().forEach(platform.flow()::register);
    return this;
  }

  /// The front, once every service is there.
  ///
  /// @param more routes that no service owns, asked first
  public Gateway gateway(List<HttpRoute> more) {
    List<HttpRoute> routes = new ArrayList<>(more);
    registry.all().forEach(e -> routes.addAll(e.service().routes()));
    List<SocketRoute> sockets = new ArrayList<>();
    registry.all().forEach(e -> sockets.addAll(e.service().sockets()));
    return new Gateway(
        registry,
        dispatcher,
        platform.identities(),
        platform.clock(),
        routes,
        sockets,
        new BrowserGuard(platform.settings().host()));
  }

  /// Lets every service adopt what it had running.
  public void start() {
    registry.all().forEach(e -> e.service().start());
  }
}
