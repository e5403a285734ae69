package dev.freeway.ingress;

import dev.freeway.ingress.TargetHealth.Reason;
import dev.freeway.ingress.TargetHealth.State;

/// What the checks of a target have shown so far: the rules by which its state changes.
///
/// A target that was just registered is healthy after one success; later it takes the thresholds.
record HealthTally(TargetHealth health, int successes, int failures) {

  static HealthTally registered(Target target) {
    return new HealthTally(
        TargetHealth.of(target, State.INITIAL, Reason.REGISTRATION_IN_PROGRESS), 0, 0);
  }

  /// The first check is on its way.
  HealthTally checking() {
    return new HealthTally(
        TargetHealth.of(health.target(), State.INITIAL, Reason.INITIAL_HEALTH_CHECKING), 0, 0);
  }

  HealthTally after(ProbeResult result, HealthCheck check) {
    return switch (result) {
      case ProbeResult.Passed() -> passed(check);
      case ProbeResult.WrongCode(int code) ->
          failed(check, TargetHealth.mismatch(health.target(), State.UNHEALTHY, code));
      case ProbeResult.TimedOut() ->
          failed(check, TargetHealth.of(health.target(), State.UNHEALTHY, Reason.TIMEOUT));
      case ProbeResult.Failed() ->
          failed(
              check,
              TargetHealth.of(health.target(), State.UNHEALTHY, Reason.FAILED_HEALTH_CHECKS));
    };
  }

  private HealthTally passed(HealthCheck check) {
    int count = successes + 1;
    boolean healthy = health.state() != State.UNHEALTHY || count >= check.healthyThreshold();
    return new HealthTally(healthy ? TargetHealth.healthy(health.target()) : health, count, 0);
  }

  private HealthTally failed(HealthCheck check, TargetHealth unhealthy) {
    int count = failures + 1;
    boolean down = health.state() == State.UNHEALTHY || count >= check.unhealthyThreshold();
    return new HealthTally(down ? unhealthy : health, 0, count);
  }
}
