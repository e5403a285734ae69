package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.wire.AwsException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Attributes with their defaults, by what has them; and which values may be set.
final class Attributes {
  private static final Map<String, String> APPLICATION =
      table(
          """
          access_logs.s3.bucket
          access_logs.s3.enabled false
          access_logs.s3.prefix
          client_keep_alive.seconds 3600
          connection_logs.s3.bucket
          connection_logs.s3.enabled false
          connection_logs.s3.prefix
          deletion_protection.enabled false
          idle_timeout.timeout_seconds 60
          ipv6.deny_all_igw_traffic false
          load_balancing.cross_zone.enabled true
          routing.http.desync_mitigation_mode defensive
          routing.http.drop_invalid_header_fields.enabled false
          routing.http.preserve_host_header.enabled false
          routing.http.x_amzn_tls_version_and_cipher_suite.enabled false
          routing.http.xff_client_port.enabled false
          routing.http.xff_header_processing.mode append
          routing.http2.enabled true
          waf.fail_open.enabled false
          zonal_shift.config.enabled false
          """);
  private static final Map<String, String> NETWORK =
      table(
          """
          access_logs.s3.bucket
          access_logs.s3.enabled false
          access_logs.s3.prefix
          deletion_protection.enabled false
          dns_record.client_routing_policy any_availability_zone
          ipv6.deny_all_igw_traffic false
          load_balancing.cross_zone.enabled false
          zonal_shift.config.enabled false
          """);
  private static final Map<String, String> HTTP_GROUP =
      table(
          """
          deregistration_delay.timeout_seconds 300
          load_balancing.algorithm.anomaly_mitigation off
          load_balancing.algorithm.type round_robin
          load_balancing.cross_zone.enabled use_load_balancer_configuration
          slow_start.duration_seconds 0
          stickiness.app_cookie.cookie_name
          stickiness.app_cookie.duration_seconds 86400
          stickiness.enabled false
          stickiness.lb_cookie.duration_seconds 86400
          stickiness.type lb_cookie
          target_group_health.dns_failover.minimum_healthy_targets.count 1
          target_group_health.dns_failover.minimum_healthy_targets.percentage off
          target_group_health.unhealthy_state_routing.minimum_healthy_targets.count 1
          target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage off
          """);
  private static final Map<String, String> TCP_GROUP =
      table(
          """
          deregistration_delay.connection_termination.enabled false
          deregistration_delay.timeout_seconds 300
          load_balancing.cross_zone.enabled use_load_balancer_configuration
          preserve_client_ip.enabled false
          proxy_protocol_v2.enabled false
          stickiness.enabled false
          stickiness.type source_ip
          target_group_health.dns_failover.minimum_healthy_targets.count 1
          target_group_health.dns_failover.minimum_healthy_targets.percentage off
          target_group_health.unhealthy_state_routing.minimum_healthy_targets.count 1
          target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage off
          target_health_state.unhealthy.connection_termination.enabled true
          target_health_state.unhealthy.draining_interval_seconds 0
          """);
  private static final Map<String, String> HTTP_LISTENER =
      table("routing.http.response.server.enabled true\n");
  private static final Map<String, String> TCP_LISTENER = table("tcp.idle_timeout.seconds 350\n");

  /// Kept at their defaults, because the data plane does not do what another value promises.
  private static final Set<String> FIXED =
      Set.of(
          "access_logs.s3.enabled",
          "connection_logs.s3.enabled",
          "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
          "load_balancing.algorithm.anomaly_mitigation",
          "preserve_client_ip.enabled",
          "proxy_protocol_v2.enabled",
          "routing.http.response.server.enabled",
          "tcp.idle_timeout.seconds");

  private static final Map<String, String> VALUES =
      Map.of(
          "routing.http.desync_mitigation_mode", "monitor|defensive|strictest",
          "routing.http.xff_header_processing.mode", "append|preserve|remove",
          "load_balancing.algorithm.type", "round_robin|least_outstanding_requests|weighted_random",
          "load_balancing.cross_zone.enabled", "true|false|use_load_balancer_configuration",
          "dns_record.client_routing_policy",
              "any_availability_zone|availability_zone_affinity|partial_availability_zone_affinity");

  private static final Map<String, int[]> RANGES =
      Map.of(
          "idle_timeout.timeout_seconds", new int[] {1, 4000},
          "client_keep_alive.seconds", new int[] {60, 604800},
          "deregistration_delay.timeout_seconds", new int[] {0, 3600},
          "slow_start.duration_seconds", new int[] {0, 900},
          "stickiness.lb_cookie.duration_seconds", new int[] {1, 604800},
          "stickiness.app_cookie.duration_seconds", new int[] {1, 604800});

  private Attributes() {}

  static Map<String, String> ofBalancer(Balancer b) {
    return b.isApplication() ? APPLICATION : NETWORK;
  }

  static Map<String, String> ofGroup(Group g) {
    return g.isHttp() ? HTTP_GROUP : TCP_GROUP;
  }

  static Map<String, String> ofListener(ListenerEntry l) {
    return "HTTP".equals(l.api().protocol()) ? HTTP_LISTENER : TCP_LISTENER;
  }

  /// Defaults with what was set over them.
  static Map<String, String> merged(Map<String, String> defaults, Map<String, String> set) {
    Map<String, String> all = new LinkedHashMap<>(defaults);
    all.putAll(set);
    return all;
  }

  /// @param what for the message: `Load balancer`
  static void check(Map<String, String> defaults, String what, String key, String value) {
    String usual = defaults.get(key);
    if (usual == null) {
      throw invalid(what + " attribute key '" + key + "' is not recognized");
    }
    boolean fits =
        (!key.endsWith(".enabled") || VALUES.containsKey(key) || value.matches("true|false"))
            && (!VALUES.containsKey(key) || value.matches(VALUES.get(key)))
            && (!RANGES.containsKey(key) || inRange(value, RANGES.get(key)))
            && (!key.equals("stickiness.type")
                || value.matches(usual.equals("source_ip") ? "source_ip" : "lb_cookie|app_cookie"));
    if (!fits) {
      throw invalid(what + " attribute value '" + value + "' is not valid for key '" + key + "'");
    }
    if (FIXED.contains(key) && !value.equals(usual) || value.equals("weighted_random")) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "Freeway's load balancers do not support " + key + "=" + value + " yet");
    }
  }

  private static boolean inRange(String value, int[] range) {
    if (!value.matches("\\d{1,9}")) {
      return false;
    }
    int n = Integer.parseInt(value);
    return range[0] <= n && n <= range[1];
  }

  static AwsException invalid(String message) {
    return AwsException.client("ValidationError", message);
  }

  private static Map<String, String> table(String lines) {
    Map<String, String> all = new LinkedHashMap<>();
    lines.lines().map(l -> l.split(" ", 2)).forEach(w -> all.put(w[0], w.length > 1 ? w[1] : ""));
    return all;
  }
}
