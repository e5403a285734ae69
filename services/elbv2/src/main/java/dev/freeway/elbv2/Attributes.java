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
          secondary_ips.auto_assigned.per_subnet 0
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
  private static final Map<String, String> LAMBDA_GROUP =
      table("lambda.multi_value_headers.enabled false\n");
  private static final Map<String, String> HTTP_LISTENER =
      table(
          """
          routing.http.response.access_control_allow_credentials.header_value
          routing.http.response.access_control_allow_headers.header_value
          routing.http.response.access_control_allow_methods.header_value
          routing.http.response.access_control_allow_origin.header_value
          routing.http.response.access_control_expose_headers.header_value
          routing.http.response.access_control_max_age.header_value
          routing.http.response.content_security_policy.header_value
          routing.http.response.server.enabled true
          routing.http.response.strict_transport_security.header_value
          routing.http.response.x_content_type_options.header_value
          routing.http.response.x_frame_options.header_value
          """);
  private static final Map<String, String> HTTPS_LISTENER =
      table(
          """
          routing.http.request.x_amzn_mtls_clientcert.header_name
          routing.http.request.x_amzn_mtls_clientcert_issuer.header_name
          routing.http.request.x_amzn_mtls_clientcert_leaf.header_name
          routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name
          routing.http.request.x_amzn_mtls_clientcert_subject.header_name
          routing.http.request.x_amzn_mtls_clientcert_validity.header_name
          routing.http.request.x_amzn_tls_cipher_suite.header_name
          routing.http.request.x_amzn_tls_version.header_name
          """);
  private static final Map<String, String> TCP_LISTENER = table("tcp.idle_timeout.seconds 350\n");

  /// Kept at their defaults, because the data plane does not do what another value promises.
  private static final Set<String> FIXED =
      Set.of("preserve_client_ip.enabled", "secondary_ips.auto_assigned.per_subnet");

  private static final Map<String, String> VALUES =
      Map.of(
          "routing.http.desync_mitigation_mode", "monitor|defensive|strictest",
          "load_balancing.algorithm.anomaly_mitigation", "on|off",
          "routing.http.response.x_content_type_options.header_value", "nosniff|",
          "routing.http.response.x_frame_options.header_value", "DENY|SAMEORIGIN|",
          "routing.http.xff_header_processing.mode", "append|preserve|remove",
          "load_balancing.algorithm.type", "round_robin|least_outstanding_requests|weighted_random",
          "load_balancing.cross_zone.enabled", "true|false|use_load_balancer_configuration",
          "dns_record.client_routing_policy",
              "any_availability_zone|availability_zone_affinity|partial_availability_zone_affinity");

  /// Not one of the load balancer's own.
  private static final String COOKIE = "|(?!AWSALB)[A-Za-z0-9!#$%&'*+.^_`|~-]{1,4096}";

  private static final Map<String, int[]> RANGES =
      Map.of(
          "idle_timeout.timeout_seconds", new int[] {1, 4000},
          "client_keep_alive.seconds", new int[] {60, 604800},
          "deregistration_delay.timeout_seconds", new int[] {0, 3600},
          "slow_start.duration_seconds", new int[] {0, 900},
          "tcp.idle_timeout.seconds", new int[] {60, 6000},
          "target_health_state.unhealthy.draining_interval_seconds", new int[] {0, 360_000},
          "stickiness.lb_cookie.duration_seconds", new int[] {1, 604800},
          "stickiness.app_cookie.duration_seconds", new int[] {1, 604800});

  private Attributes() {}

  static Map<String, String> ofBalancer(Balancer b) {
    return b.isApplication() ? APPLICATION : NETWORK;
  }

  static Map<String, String> ofGroup(Group g) {
    return g.isLambda() ? LAMBDA_GROUP : g.isHttp() ? HTTP_GROUP : TCP_GROUP;
  }

  static Map<String, String> ofListener(ListenerEntry l) {
    if (!l.isHttp()) {
      return "TCP".equals(l.api().protocol()) ? TCP_LISTENER : Map.of();
    }
    return l.isSealed() ? merged(HTTP_LISTENER, HTTPS_LISTENER) : HTTP_LISTENER;
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
            && (!key.startsWith("target_group_health.") || minimum(key, value))
            && (!value.equals("use_load_balancer_configuration") || usual.equals(value))
            && (!key.startsWith("routing.http.re") || header(key, value))
            && (!key.endsWith(".cookie_name") || value.matches(COOKIE))
            && (!key.equals("stickiness.type")
                || value.matches(usual.equals("source_ip") ? "source_ip" : "lb_cookie|app_cookie"));
    if (!fits) {
      throw invalid(what + " attribute value '" + value + "' is not valid for key '" + key + "'");
    }
    if (key.equals("load_balancing.cross_zone.enabled") && defaults == APPLICATION) {
      alwaysCross(value);
    }
    if (FIXED.contains(key) && !value.equals(usual)) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "Freeway's load balancers do not support " + key + "=" + value + " yet");
    }
  }

  private static void alwaysCross(String value) {
    if (!value.equals("true")) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "Cross-zone load balancing is always on for application load balancers; "
              + "a target group may turn it off");
    }
  }

  private static boolean minimum(String key, String value) {
    return value.equals("off")
        || inRange(value, new int[] {1, key.endsWith(".percentage") ? 100 : 1000});
  }

  private static boolean header(String key, String value) {
    return value.isEmpty()
        || !key.endsWith(".header_name")
            && (!key.endsWith(".header_value") || value.matches("[\\x20-\\x7e]{1,1024}"))
        || key.endsWith(".header_name") && value.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}");
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
