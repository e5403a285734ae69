package dev.freeway.ingress;

import java.net.InetSocketAddress;

/// What a listener's connections work by; replaced as a whole when the configuration changes.
record ListenerContext(
    String loadBalancerArn,
    String listenerArn,
    InetSocketAddress bound,
    LoadBalancerAttributes attributes,
    Routes routes,
    byte[] forwardedHeaders,
    String portSuffix) {

  static ListenerContext of(
      LoadBalancerConfig config, Listener listener, InetSocketAddress bound, Routes routes) {
    byte[] forwarded =
        Octets.of("X-Forwarded-Proto: http\r\nX-Forwarded-Port: %d\r\n".formatted(bound.getPort()));
    return new ListenerContext(
        config.arn(),
        listener.arn(),
        bound,
        config.attributes(),
        routes,
        forwarded,
        ":" + bound.getPort());
  }

  boolean nonDefaultPort() {
    return bound.getPort() != 80;
  }

  String localHost() {
    return bound.getAddress().getHostAddress();
  }

  long idleNanos() {
    return attributes.idleTimeout().toNanos();
  }
}
