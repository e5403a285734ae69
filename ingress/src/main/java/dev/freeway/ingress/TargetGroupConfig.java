package dev.freeway.ingress;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The whole wanted state of one target group. A target that was there and is no longer is drained;
/// one that is new is registered and checked at once.
///
/// @param slowStart zero: off
/// @param mitigatesAnomalies `load_balancing.algorithm.anomaly_mitigation`, for `weighted_random`
@RecordBuilder
public record TargetGroupConfig(
    String arn,
    List<Target> targets,
    HealthCheck healthCheck,
    Optional<Stickiness> stickiness,
    Duration deregistrationDelay,
    Duration slowStart,
    Algorithm algorithm,
    Transport transport,
    Minimum minimum,
    Zones zones,
    boolean mitigatesAnomalies)
    implements TargetGroupConfigBuilder.With {

  public enum Algorithm {
    ROUND_ROBIN,
    LEAST_OUTSTANDING_REQUESTS,
    WEIGHTED_RANDOM
  }

  /// How connections to targets are made and end.
  ///
  /// @param sealed whether targets speak TLS; their certificates are not verified
  /// @param proxyProtocol `proxy_protocol_v2.enabled`, for TCP and TLS listeners
  /// @param sourceSticky `stickiness.type` `source_ip`, for TCP and TLS listeners
  /// @param endDrained whether connections are broken off when the deregistration delay is over
  /// @param endUnhealthy whether they are broken off when the target becomes unhealthy
  /// @param version of HTTP
  /// @param unhealthyDraining without that: after how long they are; zero: never
  public record Transport(
      boolean sealed,
      boolean proxyProtocol,
      boolean sourceSticky,
      boolean endDrained,
      boolean endUnhealthy,
      Duration unhealthyDraining,
      ProtocolVersion version) {
    public static final Transport HTTP =
        new Transport(false, false, false, true, false, Duration.ZERO, ProtocolVersion.HTTP1);
    public static final Transport HTTPS =
        new Transport(true, false, false, true, false, Duration.ZERO, ProtocolVersion.HTTP1);

    public Transport withVersion(ProtocolVersion version) {
      return new Transport(
          sealed,
          proxyProtocol,
          sourceSticky,
          endDrained,
          endUnhealthy,
          unhealthyDraining,
          version);
    }

    /// Whether a connection carries many requests at once.
    boolean multiplexed() {
      return version != ProtocolVersion.HTTP1;
    }
  }

  /// `target_group_health.unhealthy_state_routing.minimum_healthy_targets`: with fewer healthy
  /// targets than this, all get traffic.
  ///
  /// @param percentage 0: off
  public record Minimum(int count, int percentage) {
    public static final Minimum ONE = new Minimum(1, 0);
  }

  /// How traffic is spread over the zones of the targets. One data plane stands for the nodes of
  /// all zones; clients would be sent to each of them alike.
  ///
  /// @param cross `load_balancing.cross_zone.enabled`; empty: as the load balancer has it. Without,
  ///   every zone gets the same share, however many targets it has
  /// @param failover `target_group_health.dns_failover.minimum_healthy_targets`: a zone with fewer
  ///   gets none, unless that goes for all
  public record Zones(Optional<Boolean> cross, Minimum failover) {
    public static final Zones USUAL = new Zones(Optional.empty(), Minimum.ONE);
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
        Algorithm.ROUND_ROBIN,
        Transport.HTTP,
        Minimum.ONE,
        Zones.USUAL,
        false);
  }

  public TargetGroupConfig withStickiness(Stickiness stickiness) {
    return withStickiness(Optional.of(stickiness));
  }

  public TargetGroupConfig withMitigation(boolean mitigates) {
    return withMitigatesAnomalies(mitigates);
  }
}
