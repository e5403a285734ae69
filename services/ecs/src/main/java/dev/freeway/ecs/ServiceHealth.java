package dev.freeway.ecs;

import dev.freeway.ecs.api.LoadBalancer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a service sees one of its tasks: by its container health checks and its load balancers.
final class ServiceHealth {
  /// A task that nothing checks counts as healthy when it has run for so long: a program that fails
  /// at once must not end a roll-out.
  private static final Duration SETTLED = Duration.ofSeconds(1);

  /// @param healthy counts for the roll-out
  /// @param failure why the service has to replace it, if so
  /// @param settlesAt when it is to be looked at again, if time alone may make it healthy
  record Verdict(boolean healthy, Optional<String> failure, @Nullable Instant settlesAt) {}

  private static final Verdict WAITING = new Verdict(false, Optional.empty(), null);

  private final Targets targets;

  ServiceHealth(Targets targets) {
    this.targets = targets;
  }

  Verdict of(StoredTask task, int graceSeconds, Instant now) {
    if (!task.is("RUNNING") || task.task().startedAt() == null) {
      return WAITING;
    }
    boolean checked =
        task.definition().containerDefinitions().stream()
            .anyMatch(c -> c.healthCheck() != null && !Boolean.FALSE.equals(c.essential()));
    boolean grace = now.isBefore(task.task().startedAt().plusSeconds(graceSeconds));
    String health = task.task().healthStatus();
    if (checked && "UNHEALTHY".equals(health) && !grace) {
      return new Verdict(false, Optional.of("Task failed container health checks"), null);
    }
    if (checked && !"HEALTHY".equals(health)) {
      return WAITING;
    }
    for (LoadBalancer lb : task.loadBalancers()) {
      String state = targets.state(task, lb);
      if (state.equals("unhealthy") && !grace) {
        String why = "Task failed ELB health checks in (target-group %s)";
        return new Verdict(false, Optional.of(why.formatted(lb.targetGroupArn())), null);
      }
      // A target group that no listener uses checks nothing: "unused" is as healthy as it gets.
      if (!state.equals("healthy") && !state.equals("unused")) {
        return WAITING;
      }
    }
    Instant settled = task.task().startedAt().plus(SETTLED);
    if (!checked && task.loadBalancers().isEmpty() && now.isBefore(settled)) {
      return new Verdict(false, Optional.empty(), settled);
    }
    return new Verdict(true, Optional.empty(), null);
  }
}
