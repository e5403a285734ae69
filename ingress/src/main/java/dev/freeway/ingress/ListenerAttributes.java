package dev.freeway.ingress;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The attributes of a listener that have an effect on its traffic.
///
/// @param server `routing.http.response.server.enabled`: whether answers say who made them
/// @param responseHeaders `routing.http.response.*.header_value`: what every answer gets, in place
///   of what the target says
/// @param requestHeaders `routing.http.request.*.header_name`: other names for the headers about
///   TLS that targets get, by the usual name
/// @param tcpIdleTimeout `tcp.idle_timeout.seconds`, for TCP and TLS listeners
public record ListenerAttributes(
    boolean server,
    Map<String, String> responseHeaders,
    Map<String, String> requestHeaders,
    Optional<Duration> tcpIdleTimeout) {
  public static final ListenerAttributes DEFAULT =
      new ListenerAttributes(true, Map.of(), Map.of(), Optional.empty());

  public ListenerAttributes {
    responseHeaders = Map.copyOf(responseHeaders);
    requestHeaders = Map.copyOf(requestHeaders);
  }

  boolean plain() {
    return server && responseHeaders.isEmpty();
  }
}
