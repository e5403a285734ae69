package dev.freeway.ingress;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.OptionalInt;

/// @param port empty: `traffic-port`, where the target takes requests
/// @param matcher for HTTP: which status codes are a success; with gRPC, its own codes
/// @param version of HTTP
@RecordBuilder
public record HealthCheck(
    Protocol protocol,
    OptionalInt port,
    String path,
    Duration interval,
    Duration timeout,
    int healthyThreshold,
    int unhealthyThreshold,
    StatusMatcher matcher,
    ProtocolVersion version)
    implements HealthCheckBuilder.With {

  public enum Protocol {
    HTTP,
    HTTPS,
    TCP
  }

  public HealthCheck {
    if (healthyThreshold < 1 || unhealthyThreshold < 1) {
      throw new IllegalArgumentException("Thresholds must be at least 1");
    }
    if (interval.isZero() || interval.isNegative() || timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("Interval and timeout must be positive");
    }
  }

  /// An Application Load Balancer's defaults: every 30 s, 5 s to answer, 5 successes, 2 failures,
  /// code 200.
  public static HealthCheck http(String path) {
    return new HealthCheck(
        Protocol.HTTP,
        OptionalInt.empty(),
        path,
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        5,
        2,
        StatusMatcher.parse("200"),
        ProtocolVersion.HTTP1);
  }

  /// A Network Load Balancer's defaults: every 30 s, 10 s to connect, 5 successes, 2 failures.
  public static HealthCheck tcp() {
    return new HealthCheck(
        Protocol.TCP,
        OptionalInt.empty(),
        "",
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        5,
        2,
        StatusMatcher.parse("200"),
        ProtocolVersion.HTTP1);
  }

  public HealthCheck withTiming(Duration interval, Duration timeout) {
    return with().interval(interval).timeout(timeout).build();
  }

  public HealthCheck withThresholds(int healthy, int unhealthy) {
    return with().healthyThreshold(healthy).unhealthyThreshold(unhealthy).build();
  }

  public HealthCheck withMatcher(String codes) {
    return withMatcher(StatusMatcher.parse(codes));
  }
}
