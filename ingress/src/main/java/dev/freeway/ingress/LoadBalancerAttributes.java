package dev.freeway.ingress;

import java.time.Duration;

/// The attributes of a load balancer that have an effect on its traffic, with AWS's names beside
/// them.
///
/// @param idleTimeout `idle_timeout.timeout_seconds`
/// @param clientKeepAlive `client_keep_alive.seconds`: a client connection older than this is
///   closed after its current request
/// @param xffMode `routing.http.xff_header_processing.mode`
/// @param xffClientPort `routing.http.xff_client_port.enabled`
/// @param preserveHostHeader `routing.http.preserve_host_header.enabled`; when false, a `Host`
///   without a port gets the listener's, unless that is 80 or 443
/// @param dropInvalidHeaderFields `routing.http.drop_invalid_header_fields.enabled`: drops names
///   outside `[-A-Za-z0-9]+`
/// @param tlsHeaders `routing.http.x_amzn_tls_version_and_cipher_suite.enabled`
/// @param desyncMode `routing.http.desync_mitigation_mode`
/// @param crossZone `load_balancing.cross_zone.enabled`, for groups that do not say themselves
public record LoadBalancerAttributes(
    Duration idleTimeout,
    Duration clientKeepAlive,
    XffMode xffMode,
    boolean xffClientPort,
    boolean preserveHostHeader,
    boolean dropInvalidHeaderFields,
    boolean tlsHeaders,
    DesyncMode desyncMode,
    boolean crossZone) {

  public enum XffMode {
    APPEND,
    PRESERVE,
    REMOVE
  }

  /// What a load balancer has when nobody set anything.
  public static final LoadBalancerAttributes DEFAULT =
      new LoadBalancerAttributes(
          Duration.ofSeconds(60),
          Duration.ofSeconds(3600),
          XffMode.APPEND,
          false,
          false,
          false,
          false,
          DesyncMode.DEFENSIVE,
          true);

  public LoadBalancerAttributes {
    if (idleTimeout.isNegative() || idleTimeout.isZero()) {
      throw new IllegalArgumentException("idleTimeout must be positive");
    }
  }

  public LoadBalancerAttributes withIdleTimeout(Duration timeout) {
    return new LoadBalancerAttributes(
        timeout,
        clientKeepAlive,
        xffMode,
        xffClientPort,
        preserveHostHeader,
        dropInvalidHeaderFields,
        tlsHeaders,
        desyncMode,
        crossZone);
  }

  public LoadBalancerAttributes withDesyncMode(DesyncMode mode) {
    return new LoadBalancerAttributes(
        idleTimeout,
        clientKeepAlive,
        xffMode,
        xffClientPort,
        preserveHostHeader,
        dropInvalidHeaderFields,
        tlsHeaders,
        mode,
        crossZone);
  }

  public LoadBalancerAttributes withCrossZone(boolean crosses) {
    return new LoadBalancerAttributes(
        idleTimeout,
        clientKeepAlive,
        xffMode,
        xffClientPort,
        preserveHostHeader,
        dropInvalidHeaderFields,
        tlsHeaders,
        desyncMode,
        crosses);
  }

  public LoadBalancerAttributes withXffMode(XffMode mode) {
    return new LoadBalancerAttributes(
        idleTimeout,
        clientKeepAlive,
        mode,
        xffClientPort,
        preserveHostHeader,
        dropInvalidHeaderFields,
        tlsHeaders,
        desyncMode,
        crossZone);
  }
}
