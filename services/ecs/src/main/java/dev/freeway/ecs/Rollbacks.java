package dev.freeway.ecs;

import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Makes an earlier deployment of a service its primary one again.
final class Rollbacks {
  private final DeploymentEvents events;

  Rollbacks(DeploymentEvents events) {
    this.events = events;
  }

  StoredService back(Tx tx, StoredService s, StoredDeployment good, String why, Instant now) {
    StoredService after = s.telling("rolling back to deployment %s.".formatted(good.id()), now);
    StoredDeployment failed = s.primary().orElseThrow();
    boolean shifting =
        failed.shift() != null || StrategyCheck.shifts(s.service().deploymentConfiguration());
    StoredDeployment back =
        good.asRollback(why, now)
            .withShift(shifting ? Shift.returning(failed.id(), failed.shift(), now) : null);
    List<StoredDeployment> rest = new ArrayList<>(after.deployments());
    rest.removeIf(d -> d.id().equals(good.id()));
    after = after.withDeployments(rest).rolling(back, now);
    after = after.with(after.service().toBuilder().taskDefinition(back.taskDefinition()).build());
    events.deployment(tx, after, back, "SERVICE_DEPLOYMENT_IN_PROGRESS");
    return after;
  }
}
