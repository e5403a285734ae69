package dev.freeway.ecs;

import dev.freeway.ecs.api.CapacityProviderStrategyItem;
import dev.freeway.ecs.api.LoadBalancer;
import dev.freeway.ecs.api.NetworkConfiguration;
import dev.freeway.ecs.api.ServiceConnectConfiguration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One roll-out of a service.
///
/// @param id `ecs-svc/…`
/// @param status PRIMARY or ACTIVE
/// @param state IN_PROGRESS, COMPLETED or FAILED
/// @param everCompleted whether it once was the steady state: what to roll back to
/// @param connect Service Connect, if it is enabled; names its namespace
/// @param rollback whether it became primary again because a later one failed
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
    @Nullable ServiceConnectConfiguration connect) {

  StoredDeployment {
    strategy = strategy == null ? List.of() : List.copyOf(strategy);
    loadBalancers = loadBalancers == null ? List.of() : List.copyOf(loadBalancers);
  }

  boolean isPrimary() {
    return status.equals("PRIMARY");
  }

  boolean is(String other) {
    return state.equals(other);
  }

  StoredDeployment withStatus(String value, Instant at) {
    return new StoredDeployment(
        id,
        value,
        taskDefinition,
        createdAt,
        at,
        launchType,
        strategy,
        network,
        loadBalancers,
        state,
        reason,
        everCompleted,
        rollback,
        connect);
  }

  StoredDeployment withState(String value, String why, Instant at) {
    return new StoredDeployment(
        id,
        status,
        taskDefinition,
        createdAt,
        at,
        launchType,
        strategy,
        network,
        loadBalancers,
        value,
        why,
        everCompleted || value.equals("COMPLETED"),
        rollback,
        connect);
  }

  StoredDeployment asRollback(String why, Instant at) {
    return new StoredDeployment(
        id,
        "PRIMARY",
        taskDefinition,
        createdAt,
        at,
        launchType,
        strategy,
        network,
        loadBalancers,
        "IN_PROGRESS",
        why,
        everCompleted,
        true,
        connect);
  }
}
