package dev.freeway.ecs;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How one roll-out of a service went, kept after the service has moved on.
///
/// @param id the last part of its ARN
/// @param deployment `ecs-svc/…` of the deployment it brings; its digits name the revision
/// @param from `ecs-svc/…` of the deployment that was primary before, if there was one
/// @param rolledBackTo `ecs-svc/…` that became primary again, if it failed
/// @param shift how far traffic had moved when it was last looked at; null where none moves
@RecordBuilder
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
    @Nullable String rollbackReason,
    @Nullable Shift shift)
    implements StoredServiceDeploymentBuilder.With {

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
        rollbackReason,
        shift);
  }

  StoredServiceDeployment rollingBack(String to, String why, Instant at) {
    return with()
        .status("ROLLBACK_IN_PROGRESS")
        .reason(why)
        .updatedAt(at)
        .finishedAt(null)
        .stoppedAt(null)
        .rolledBackTo(to)
        .rollbackAt(at)
        .rollbackReason(why)
        .build();
  }

  private @Nullable String mover() {
    return shift != null && shift.back() ? rolledBackTo : deployment;
  }

  /// Percent of production traffic that a deployment is to have; null where traffic does not move.
  @Nullable Double production(String which) {
    return shift == null || shift.from() == null
        ? null
        : shift.weight(String.valueOf(mover()), which);
  }

  @Nullable Double test(String which) {
    return shift == null || shift.from() == null
        ? null
        : Double.valueOf(shift.test() == which.equals(mover()) ? 100 : 0);
  }
}
