package dev.freeway.elbv2;

import dev.freeway.elbv2.api.CreateTargetGroupInput;
import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.api.Matcher;
import dev.freeway.elbv2.api.ModifyTargetGroupInput;
import dev.freeway.elbv2.api.TargetGroup;
import dev.freeway.ingress.StatusMatcher;
import org.jspecify.annotations.Nullable;

/// The settings of a target group, most of which are its health check's, with AWS's defaults.
final class HealthChecks {
  private HealthChecks() {}

  static TargetGroup fresh(CreateTargetGroupInput in, String arn) {
    String type = in.targetType() == null ? "instance" : in.targetType();
    if (type.equals("lambda")) {
      return lambda(in, arn);
    }
    if (in.protocol() == null) {
      throw Attributes.invalid("A protocol must be specified");
    }
    if (in.port() == null) {
      throw Attributes.invalid("A port must be specified");
    }
    boolean http = isHttp(in.protocol());
    if (!http && !in.protocol().equals("TCP") && !in.protocol().equals("TLS")) {
      throw Elbv2Errors.unsupportedProtocolException(
          "Freeway's target groups support HTTP, HTTPS, TCP and TLS only, not " + in.protocol());
    }
    if (type.equals("alb") && !in.protocol().equals("TCP")) {
      throw Elbv2Errors.unsupportedProtocolException(
          "Protocol '"
              + in.protocol()
              + "' is not supported for target groups with target type 'alb'");
    }
    String version = version(in.protocolVersion(), in.protocol());
    boolean grpc = "GRPC".equals(version);
    String check = or(in.healthCheckProtocol(), http || type.equals("alb") ? "HTTP" : "TCP");
    boolean httpCheck = isHttp(check);
    TargetGroup g =
        TargetGroup.builder()
            .targetGroupArn(arn)
            .targetGroupName(in.name())
            .protocol(in.protocol())
            .port(in.port())
            .vpcId(in.vpcId())
            .targetType(type)
            .protocolVersion(version)
            .ipAddressType("ipv4")
            .healthCheckEnabled(in.healthCheckEnabled() == null || in.healthCheckEnabled())
            .healthCheckProtocol(check)
            .healthCheckPort(or(in.healthCheckPort(), "traffic-port"))
            .healthCheckPath(
                httpCheck
                    ? or(in.healthCheckPath(), grpc ? "/AWS.ALB/healthcheck" : "/")
                    : in.healthCheckPath())
            .healthCheckIntervalSeconds(or(in.healthCheckIntervalSeconds(), 30))
            .healthCheckTimeoutSeconds(
                or(in.healthCheckTimeoutSeconds(), http ? 5 : httpCheck ? 6 : 10))
            .healthyThresholdCount(or(in.healthyThresholdCount(), 5))
            .unhealthyThresholdCount(or(in.unhealthyThresholdCount(), 2))
            .matcher(grpc ? ofGrpc(in.matcher()) : matcher(in.matcher(), httpCheck, http))
            .build();
    check(g);
    return g;
  }

  static TargetGroup changed(TargetGroup g, ModifyTargetGroupInput in) {
    if ("lambda".equals(g.targetType())) {
      return changedLambda(g, in);
    }
    String protocol = or(in.healthCheckProtocol(), g.healthCheckProtocol());
    boolean http = isHttp(protocol);
    TargetGroup after =
        g.toBuilder()
            .healthCheckProtocol(protocol)
            .healthCheckPort(or(in.healthCheckPort(), g.healthCheckPort()))
            .healthCheckPath(http ? or(in.healthCheckPath(), or(g.healthCheckPath(), "/")) : null)
            .healthCheckEnabled(
                in.healthCheckEnabled() == null ? g.healthCheckEnabled() : in.healthCheckEnabled())
            .healthCheckIntervalSeconds(
                or(in.healthCheckIntervalSeconds(), g.healthCheckIntervalSeconds()))
            .healthCheckTimeoutSeconds(
                or(in.healthCheckTimeoutSeconds(), g.healthCheckTimeoutSeconds()))
            .healthyThresholdCount(or(in.healthyThresholdCount(), g.healthyThresholdCount()))
            .unhealthyThresholdCount(or(in.unhealthyThresholdCount(), g.unhealthyThresholdCount()))
            .matcher(
                "GRPC".equals(g.protocolVersion())
                    ? ofGrpc(in.matcher() == null ? g.matcher() : in.matcher())
                    : matcher(
                        in.matcher() == null ? g.matcher() : in.matcher(),
                        http,
                        isHttp(g.protocol())))
            .build();
    check(after);
    return after;
  }

  private static void check(TargetGroup g) {
    if (!g.healthCheckEnabled()) {
      throw Attributes.invalid(
          "Health check enabled must be true for target groups with target type '"
              + g.targetType()
              + "'");
    }
    String protocol = g.healthCheckProtocol();
    boolean stream =
        protocol.equals("TCP") && !isHttp(g.protocol()) && !"alb".equals(g.targetType());
    if (!isHttp(protocol) && !stream) {
      throw Attributes.invalid(
          "Health check protocol '"
              + protocol
              + "' is not supported for target groups with protocol "
              + g.protocol());
    }
    checkTimes(g);
    if (!g.healthCheckPort().equals("traffic-port")
        && !(g.healthCheckPort().matches("\\d{1,5}")
            && Integer.parseInt(g.healthCheckPort()) >= 1
            && Integer.parseInt(g.healthCheckPort()) <= 65535)) {
      throw Attributes.invalid(
          "Health check port '"
              + g.healthCheckPort()
              + "' must be 'traffic-port' or in the range [1-65535] inclusive");
    }
  }

  static boolean isHttp(@Nullable String protocol) {
    return "HTTP".equals(protocol) || "HTTPS".equals(protocol);
  }

  /// One without protocol, port and VPC.
  private static TargetGroup lambda(CreateTargetGroupInput in, String arn) {
    if (in.protocol() != null || in.port() != null || in.vpcId() != null) {
      throw Attributes.invalid(
          "Protocol, port and VPC cannot be specified for target groups with target type 'lambda'");
    }
    TargetGroup g =
        TargetGroup.builder()
            .targetGroupArn(arn)
            .targetGroupName(in.name())
            .targetType("lambda")
            .ipAddressType("ipv4")
            .healthCheckEnabled(Boolean.TRUE.equals(in.healthCheckEnabled()))
            .healthCheckPath(or(in.healthCheckPath(), "/"))
            .healthCheckIntervalSeconds(or(in.healthCheckIntervalSeconds(), 35))
            .healthCheckTimeoutSeconds(or(in.healthCheckTimeoutSeconds(), 30))
            .healthyThresholdCount(or(in.healthyThresholdCount(), 5))
            .unhealthyThresholdCount(or(in.unhealthyThresholdCount(), 2))
            .matcher(matcher(in.matcher(), true, true))
            .build();
    checkTimes(g);
    return g;
  }

  private static TargetGroup changedLambda(TargetGroup g, ModifyTargetGroupInput in) {
    TargetGroup after =
        g.toBuilder()
            .healthCheckEnabled(
                in.healthCheckEnabled() == null ? g.healthCheckEnabled() : in.healthCheckEnabled())
            .healthCheckPath(or(in.healthCheckPath(), or(g.healthCheckPath(), "/")))
            .healthCheckIntervalSeconds(
                or(in.healthCheckIntervalSeconds(), g.healthCheckIntervalSeconds()))
            .healthCheckTimeoutSeconds(
                or(in.healthCheckTimeoutSeconds(), g.healthCheckTimeoutSeconds()))
            .healthyThresholdCount(or(in.healthyThresholdCount(), g.healthyThresholdCount()))
            .unhealthyThresholdCount(or(in.unhealthyThresholdCount(), g.unhealthyThresholdCount()))
            .matcher(in.matcher() == null ? g.matcher() : matcher(in.matcher(), true, true))
            .build();
    checkTimes(after);
    return after;
  }

  private static void checkPath(TargetGroup g) {
    if (g.healthCheckPath() != null && !g.healthCheckPath().matches("/[\\x21-\\x7e]{0,1023}")) {
      throw Attributes.invalid(
          "Health check path '"
              + g.healthCheckPath()
              + "' must begin with a '/' character, and can only contain printable ASCII characters, without spaces");
    }
  }

  private static void checkTimes(TargetGroup g) {
    checkPath(g);
    if (g.healthCheckTimeoutSeconds() >= g.healthCheckIntervalSeconds()) {
      throw Attributes.invalid("Health check interval must be greater than the timeout.");
    }
  }

  /// Terraform sends an empty one for none.
  private static @Nullable String version(@Nullable String given, String protocol) {
    if (given == null || given.isEmpty()) {
      return isHttp(protocol) ? "HTTP1" : null;
    }
    if (!isHttp(protocol) || !given.matches("HTTP1|HTTP2|GRPC")) {
      throw Attributes.invalid(
          "Protocol version '"
              + given
              + "' is not valid for a target group with protocol "
              + protocol);
    }
    return given;
  }

  private static Matcher ofGrpc(@Nullable Matcher given) {
    if (given != null && given.grpcCode() == null) {
      throw Attributes.invalid("A health check matcher for gRPC needs gRPC codes");
    }
    String codes = given == null ? "12" : given.grpcCode();
    try {
      StatusMatcher ignored = StatusMatcher.ofGrpc(codes);
      return Matcher.builder().grpcCode(codes).build();
    } catch (IllegalArgumentException e) {
      throw Attributes.invalid(
          "Health check matcher gRPC code '" + codes + "' must be within '0-99' inclusive");
    }
  }

  private static @Nullable Matcher matcher(
      @Nullable Matcher given, boolean httpCheck, boolean http) {
    if (!httpCheck) {
      return null;
    }
    String codes = given == null || given.httpCode() == null ? null : given.httpCode();
    if (given != null && codes == null) {
      throw Attributes.invalid("A health check matcher needs HTTP codes");
    }
    String all = codes == null ? http ? "200" : "200-399" : codes;
    try {
      for (StatusMatcher.Range r : StatusMatcher.parse(all).ranges()) {
        if (r.first() < 200 || r.last() > 499) {
          throw new IllegalArgumentException("outside 200-499");
        }
      }
    } catch (IllegalArgumentException e) {
      throw Attributes.invalid(
          "Health check matcher HTTP code '" + all + "' must be within '200-499' inclusive");
    }
    return Matcher.builder().httpCode(all).build();
  }

  private static String or(@Nullable String given, String otherwise) {
    return given == null ? otherwise : given;
  }

  private static Integer or(@Nullable Integer given, Integer otherwise) {
    return given == null ? otherwise : given;
  }
}
