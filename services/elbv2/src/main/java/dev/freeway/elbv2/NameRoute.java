package dev.freeway.elbv2;

import dev.freeway.ingress.Ingress;
import dev.freeway.platform.HttpRoute;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Requests to the main port whose `Host` is a load balancer's name: they go on to its listener, so
/// that the name works where names below `localhost` resolve.
final class NameRoute implements HttpRoute {
  private static final String SUFFIX = ".elb.localhost";

  private final Ingress ingress;

  NameRoute(Ingress ingress) {
    this.ingress = ingress;
  }

  @Override
  public boolean matches(WireRequest request) {
    String host = request.headers().getOr("Host", "");
    int colon = host.indexOf(':');
    return (colon < 0 ? host : host.substring(0, colon)).endsWith(SUFFIX);
  }

  @Override
  public WireResponse handle(WireRequest request) {
    String host = request.headers().getOr("Host", "");
    Optional<InetSocketAddress> listener = ingress.addressFor(host);
    if (listener.isEmpty()) {
      return text(404, "No load balancer with an HTTP listener has the name " + host + "\n");
    }
    try {
      return Forwarding.send(request, listener.get());
    } catch (IOException e) {
      return text(502, "The load balancer did not answer: " + e.getMessage() + "\n");
    }
  }

  private static WireResponse text(int status, String message) {
    return WireResponse.of(
        status, "text/plain; charset=utf-8", message.getBytes(StandardCharsets.UTF_8));
  }

  /// What is behind a load balancer decides for itself.
  @Override
  public boolean openToPages() {
    return true;
  }
}
