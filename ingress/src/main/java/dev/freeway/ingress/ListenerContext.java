package dev.freeway.ingress;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// What a listener's connections work by; replaced as a whole when the configuration changes.
record ListenerContext(
    String loadBalancerArn,
    String listenerArn,
    InetSocketAddress bound,
    LoadBalancerAttributes attributes,
    Routes routes,
    byte[] forwardedHeaders,
    String portSuffix,
    String scheme,
    ListenerAttributes listenerAttributes,
    @Nullable TlsServer tls,
    boolean watched) {

  static ListenerContext of(
      LoadBalancerConfig config,
      Listener listener,
      InetSocketAddress bound,
      Routes routes,
      @Nullable ListenerContext before,
      IngressObserver observer) {
    String scheme = listener.protocol().isSealed() ? "https" : "http";
    TlsServer tls = null;
    if (listener.tls().isPresent()) {
      // The same one as before keeps its sessions.
      TlsServer known = before == null ? null : before.tls();
      tls =
          known != null && known.config.equals(listener.tls().get())
              ? known
              : new TlsServer(listener.tls().get());
    }
    byte[] forwarded =
        Octets.of(
            "X-Forwarded-Proto: %s\r\nX-Forwarded-Port: %d\r\n".formatted(scheme, bound.getPort()));
    return new ListenerContext(
        config.arn(),
        listener.arn(),
        bound,
        config.attributes(),
        routes,
        forwarded,
        ":" + bound.getPort(),
        scheme,
        listener.attributes(),
        tls,
        observer.watches(config.arn()));
  }

  boolean nonDefaultPort() {
    return bound.getPort() != (tls == null ? 80 : 443);
  }

  String localHost() {
    return bound.getAddress().getHostAddress();
  }

  long idleNanos() {
    return listenerAttributes.tcpIdleTimeout().orElse(attributes.idleTimeout()).toNanos();
  }
}
