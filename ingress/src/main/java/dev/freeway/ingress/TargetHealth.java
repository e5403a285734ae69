package dev.freeway.ingress;

import java.util.Optional;

/// The health of one target, in the words of `DescribeTargetHealth`. `reason` and `description` are
/// present in every state but healthy.
public record TargetHealth(
    Target target, State state, Optional<Reason> reason, Optional<String> description) {

  /// `wireName()` is what the API says.
  public enum State {
    INITIAL,
    HEALTHY,
    UNHEALTHY,
    DRAINING,
    UNUSED;

    public String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public enum Reason {
    REGISTRATION_IN_PROGRESS("Elb.RegistrationInProgress", "Target registration is in progress"),
    INITIAL_HEALTH_CHECKING("Elb.InitialHealthChecking", "Initial health checks in progress"),
    RESPONSE_CODE_MISMATCH(
        "Target.ResponseCodeMismatch", "Health checks failed with these codes: [%s]"),
    TIMEOUT("Target.Timeout", "Request timed out"),
    FAILED_HEALTH_CHECKS("Target.FailedHealthChecks", "Health checks failed"),
    DEREGISTRATION_IN_PROGRESS(
        "Target.DeregistrationInProgress", "Target deregistration is in progress"),
    NOT_REGISTERED("Target.NotRegistered", "Target is not registered to the target group"),
    NOT_IN_USE(
        "Target.NotInUse",
        "Target group is not configured to receive traffic from the load balancer");

    private final String wireName;
    private final String description;

    Reason(String wireName, String description) {
      this.wireName = wireName;
      this.description = description;
    }

    public String wireName() {
      return wireName;
    }
  }

  static TargetHealth healthy(Target target) {
    return new TargetHealth(target, State.HEALTHY, Optional.empty(), Optional.empty());
  }

  static TargetHealth of(Target target, State state, Reason reason) {
    return new TargetHealth(target, state, Optional.of(reason), Optional.of(reason.description));
  }

  static TargetHealth mismatch(Target target, State state, int code) {
    Reason reason = Reason.RESPONSE_CODE_MISMATCH;
    return new TargetHealth(
        target, state, Optional.of(reason), Optional.of(reason.description.formatted(code)));
  }
}
