package dev.freeway.ecs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How one roll-out of a service went, kept after the service has moved on.
///
/// @param id the last part of its ARN
/// @param deployment `ecs-svc/…` of the deployment it brings; its digits name the revision
/// @param from `ecs-svc/…` of the deployment that was primary before, if there was one
/// @param rolledBackTo `ecs-svc/…` that became primary again, if it failed
/// @param failures tasks that had failed when the circuit breaker broke
record StoredServiceDeployment(
    String cluster,
    String service,
    String id,
    String deployment,
    @Nullable String from,
    String status,
    @Nullable String reason,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant stoppedAt,
    @Nullable String rolledBackTo,
    @Nullable Instant rollbackAt,
    @Nullable String rollbackReason) {

  boolean runs() {
    return status.matches(
        "PENDING|IN_PROGRESS|ROLLBACK_REQUESTED|ROLLBACK_IN_PROGRESS|STOP_REQUESTED");
  }

  StoredServiceDeployment ended(String how, @Nullable String why, Instant at) {
    boolean stopped = how.equals("STOPPED") || how.startsWith("ROLLBACK");
    return new StoredServiceDeployment(
        cluster,
        service,
        id,
        deployment,
        from,
        how,
        why,
        createdAt,
        at,
        at,
        stopped ? at : null,
        rolledBackTo,
        rollbackAt,
        rollbackReason);
  }

  StoredServiceDeployment rollingBack(String to, String why, Instant at) {
    return new StoredServiceDeployment(
        cluster,
        service,
        id,
        deployment,
        from,
        "ROLLBACK_IN_PROGRESS",
        why,
        createdAt,
        at,
        null,
        null,
        to,
        at,
        why);
  }
}
