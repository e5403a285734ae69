package dev.freeway.ecs;

import dev.freeway.ecs.api.CapacityProviderStrategyItem;
import dev.freeway.ecs.api.LoadBalancer;
import dev.freeway.ecs.api.NetworkConfiguration;
import dev.freeway.ecs.api.ServiceConnectConfiguration;
import dev.freeway.ecs.api.ServiceRegistry;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One roll-out of a service.
///
/// @param id `ecs-svc/…`
/// @param status PRIMARY or ACTIVE
/// @param loadBalancers where its tasks are targets
/// @param state IN_PROGRESS, COMPLETED or FAILED
/// @param everCompleted whether it once was the steady state: what to roll back to
/// @param rollback whether it became primary again because a later one failed
/// @param connect Service Connect, if it is enabled; names its namespace
/// @param registries Cloud Map services that its tasks are instances of
/// @param namespace the name of Service Connect's namespace
/// @param discovery ARNs of Cloud Map services by Service Connect's discovery names
/// @param shift how far traffic has moved to it; null where it does not move by steps
@RecordBuilder
record StoredDeployment(
    String id,
    String status,
    String taskDefinition,
    Instant createdAt,
    Instant updatedAt,
    String launchType,
    List<CapacityProviderStrategyItem> strategy,
    @Nullable NetworkConfiguration network,
    List<LoadBalancer> loadBalancers,
    String state,
    String reason,
    boolean everCompleted,
    boolean rollback,
    @Nullable ServiceConnectConfiguration connect,
    List<ServiceRegistry> registries,
    @Nullable String namespace,
    Map<String, String> discovery,
    @Nullable Shift shift)
    implements StoredDeploymentBuilder.With {

  StoredDeployment {
    strategy = strategy == null ? List.of() : List.copyOf(strategy);
    loadBalancers = loadBalancers == null ? List.of() : List.copyOf(loadBalancers);
    registries = registries == null ? List.of() : List.copyOf(registries);
    discovery = discovery == null ? Map.of() : Map.copyOf(discovery);
  }

  /// A primary one that begins.
  static StoredDeployment begun(
      String id,
      String taskDefinition,
      Instant at,
      String launchType,
      @Nullable List<CapacityProviderStrategyItem> strategy,
      @Nullable NetworkConfiguration network,
      @Nullable List<LoadBalancer> loadBalancers,
      @Nullable List<ServiceRegistry> registries) {
    return new StoredDeployment(
        id,
        "PRIMARY",
        taskDefinition,
        at,
        at,
        launchType,
        strategy == null ? List.of() : strategy,
        network,
        loadBalancers == null ? List.of() : loadBalancers,
        "IN_PROGRESS",
        "ECS deployment %s in progress.".formatted(id),
        false,
        false,
        null,
        registries == null ? List.of() : registries,
        null,
        Map.of(),
        null);
  }

  boolean isPrimary() {
    return status.equals("PRIMARY");
  }

  boolean is(String other) {
    return state.equals(other);
  }

  private StoredDeployment copy(
      String position, Instant at, String value, String why, boolean good, boolean back) {
    return with()
        .status(position)
        .updatedAt(at)
        .state(value)
        .reason(why)
        .everCompleted(good)
        .rollback(back)
        .build();
  }

  StoredDeployment withStatus(String value, Instant at) {
    return copy(value, at, state, reason, everCompleted, rollback);
  }

  StoredDeployment withState(String value, String why, Instant at) {
    return copy(status, at, value, why, everCompleted || value.equals("COMPLETED"), rollback);
  }

  StoredDeployment asRollback(String why, Instant at) {
    return copy("PRIMARY", at, "IN_PROGRESS", why, everCompleted, true);
  }

  /// @param names ARNs of Cloud Map services by discovery names
  StoredDeployment withConnect(
      @Nullable ServiceConnectConfiguration configuration,
      @Nullable String in,
      Map<String, String> names) {
    return with().connect(configuration).namespace(in).discovery(names).build();
  }

  /// @param balancers where its tasks are to be targets
  StoredDeployment withShift(List<LoadBalancer> balancers, @Nullable Shift next) {
    return with().loadBalancers(balancers).shift(next).build();
  }
}
