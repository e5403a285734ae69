package dev.freeway.platform;

import dev.freeway.flow.Flow;
import dev.freeway.flow.FlowClock;
import dev.freeway.store.Blobs;
import dev.freeway.store.Store;
import java.util.function.Supplier;

/// What every service is built from.
///
/// @param flow runs the services' reconcilers; wake it in the transaction that makes work
/// @param clock the one clock: never ask the system's
/// @param tagged where a service offers its resources that have tags
/// @param measures where it leaves what it measures, for CloudWatch
public record Platform(
    Settings settings,
    Store store,
    Blobs blobs,
    Flow flow,
    FlowClock clock,
    EventBus events,
    Clients clients,
    Identities identities,
    TagRegistry tagged,
    Measures measures,
    Supplier<Authorizer> authorizer) {

  /// A call that a service makes on its own, in background work.
  public Call background(Scope scope, String service) {
    Principal principal = Principal.service(scope.account(), service + ".amazonaws.com");
    return new Call(scope, principal, Ids.uuid(), clock.instant(), settings.endpoint());
  }

  /// The same, made because of one of the service's resources: a policy may ask for it.
  public Call background(Scope scope, String service, String sourceArn) {
    String name = service + ".amazonaws.com";
    return background(scope, service).as(Principal.service(scope.account(), name, sourceArn));
  }
}
