package dev.freeway.ecs;

import dev.freeway.ecs.api.Service;
import dev.freeway.ecs.api.ServiceEvent;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A service as it is kept.
///
/// @param service what the caller asked for, as DescribeServices answers it; what is counted,
///   deployments and events are put in when asked
/// @param deployments primary first
/// @param events latest first
/// @param lastGood the latest deployment that completed, which a failed one is rolled back to
@RecordBuilder
record StoredService(
    String account,
    String region,
    String cluster,
    String name,
    Service service,
    List<StoredDeployment> deployments,
    List<ServiceEvent> events,
    @Nullable StoredDeployment lastGood)
    implements StoredServiceBuilder.With {
  private static final int EVENTS = 100;

  StoredService {
    deployments = deployments == null ? List.of() : List.copyOf(deployments);
    events = events == null ? List.of() : List.copyOf(events);
  }

  Scope scope() {
    return new Scope(account, region);
  }

  String key() {
    return scope().key(cluster, name);
  }

  String status() {
    return service.status();
  }

  /// Whether ECS itself rolls it out; otherwise somebody drives its task sets.
  boolean keepsItself() {
    return service.deploymentController() == null
        || "ECS".equals(service.deploymentController().type());
  }

  boolean isDaemon() {
    return "DAEMON".equals(service.schedulingStrategy());
  }

  int desired() {
    return status().equals("ACTIVE") ? service.desiredCount() : 0;
  }

  /// How many tasks a deployment of this is to have.
  int wanted(String deployment) {
    StoredDeployment d = primary().orElse(null);
    if (d == null) {
      return 0;
    }
    Integer wanted =
        d.shift() == null
            ? Integer.valueOf(deployment.equals(d.id()) ? desired() : 0)
            : d.shift().wanted(d.id(), deployment, desired());
    return wanted == null ? desired() : wanted;
  }

  Optional<StoredDeployment> primary() {
    return deployments.stream().filter(StoredDeployment::isPrimary).findFirst();
  }

  StoredService with(Service changed) {
    return withService(changed);
  }

  StoredService replacing(StoredDeployment changed) {
    return withDeployments(
        deployments.stream().map(d -> d.id().equals(changed.id()) ? changed : d).toList());
  }

  /// A new primary; the one before stays while it has tasks.
  StoredService rolling(StoredDeployment next, Instant at) {
    List<StoredDeployment> all = new ArrayList<>();
    all.add(next);
    deployments.forEach(d -> all.add(d.isPrimary() ? d.withStatus("ACTIVE", at) : d));
    return withDeployments(all);
  }

  /// @param what follows `(service NAME) `
  StoredService telling(String what, Instant at) {
    List<ServiceEvent> all = new ArrayList<>();
    all.add(new ServiceEvent(Ids.uuid(), at, "(service " + name + ") " + what));
    all.addAll(events);
    return new StoredService(
        account,
        region,
        cluster,
        name,
        service,
        deployments,
        all.subList(0, Math.min(EVENTS, all.size())),
        lastGood);
  }
}
