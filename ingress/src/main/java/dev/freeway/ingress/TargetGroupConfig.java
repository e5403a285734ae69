package dev.freeway.ingress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The whole wanted state of one target group. A target that was there and is no longer is drained;
/// one that is new is registered and checked at once.
///
/// @param slowStart zero: off
public record TargetGroupConfig(
    String arn,
    List<Target> targets,
    HealthCheck healthCheck,
    Optional<Stickiness> stickiness,
    Duration deregistrationDelay,
    Duration slowStart,
    Algorithm algorithm) {

  public enum Algorithm {
    ROUND_ROBIN,
    LEAST_OUTSTANDING_REQUESTS
  }

  /// How a client stays with a target.
  public sealed interface Stickiness {
    /// `lb_cookie`: the cookie `AWSALB`, renewed with every response.
    record LoadBalancerCookie(Duration duration) implements Stickiness {}

    /// `app_cookie`: when a target sets the cookie of that name, `AWSALBAPP-0` goes with it.
    record ApplicationCookie(String name, Duration duration) implements Stickiness {}
  }

  public TargetGroupConfig {
    targets = List.copyOf(targets);
    if (targets.stream().map(Target::key).distinct().count() != targets.size()) {
      throw new IllegalArgumentException("A target is listed twice in " + arn);
    }
  }

  /// AWS's defaults: round robin, no stickiness, 300 seconds of draining.
  public static TargetGroupConfig of(String arn, HealthCheck healthCheck, List<Target> targets) {
    return new TargetGroupConfig(
        arn,
        targets,
        healthCheck,
        Optional.empty(),
        Duration.ofSeconds(300),
        Duration.ZERO,
        Algorithm.ROUND_ROBIN);
  }

  public TargetGroupConfig withTargets(List<Target> targets) {
    return new TargetGroupConfig(
        arn, targets, healthCheck, stickiness, deregistrationDelay, slowStart, algorithm);
  }

  public TargetGroupConfig withStickiness(Stickiness stickiness) {
    return new TargetGroupConfig(
        arn,
        targets,
        healthCheck,
        Optional.of(stickiness),
        deregistrationDelay,
        slowStart,
        algorithm);
  }

  public TargetGroupConfig withDeregistrationDelay(Duration delay) {
    return new TargetGroupConfig(
        arn, targets, healthCheck, stickiness, delay, slowStart, algorithm);
  }

  public TargetGroupConfig withAlgorithm(Algorithm algorithm) {
    return new TargetGroupConfig(
        arn, targets, healthCheck, stickiness, deregistrationDelay, slowStart, algorithm);
  }

  public TargetGroupConfig withSlowStart(Duration slowStart) {
    return new TargetGroupConfig(
        arn, targets, healthCheck, stickiness, deregistrationDelay, slowStart, algorithm);
  }
}
