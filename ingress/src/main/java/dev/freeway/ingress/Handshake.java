package dev.freeway.ingress;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;

/// A client's handshake, which went well or did not.
record Handshake(
    Instant started, long nanos, String alpn, Optional<TlsFacts> facts, Optional<String> failure) {
  private static final long TIMEOUT_NANOS = 10_000_000_000L;

  static Handshake make(Wire client, TlsServer server) {
    Instant started = Instant.now();
    long before = System.nanoTime();
    SSLEngine engine = server.engine();
    try {
      client.handshake(engine, TIMEOUT_NANOS);
    } catch (WireFailure failure) {
      String why =
          client.timedOut()
              ? "timed out"
              : String.valueOf(
                  Objects.requireNonNullElse(failure.getCause(), failure).getMessage());
      return new Handshake(
          started, System.nanoTime() - before, "", Optional.empty(), Optional.of(why));
    }
    return new Handshake(
        started,
        System.nanoTime() - before,
        engine.getApplicationProtocol() == null ? "" : engine.getApplicationProtocol(),
        Optional.of(TlsFacts.of(server, engine.getSession(), serverName(engine))),
        Optional.empty());
  }

  private static String serverName(SSLEngine engine) {
    return engine.getSession() instanceof ExtendedSSLSession session
        ? session.getRequestedServerNames().stream()
            .filter(SNIHostName.class::isInstance)
            .map(n -> ((SNIHostName) n).getAsciiName())
            .findFirst()
            .orElse("")
        : "";
  }

  ConnectionRecord record(ListenerContext context, Peer peer, String traceId) {
    return new ConnectionRecord(
        context.loadBalancerArn(),
        context.listenerArn(),
        started,
        peer.socketAddress(),
        context.bound().getPort(),
        facts,
        facts.isPresent() ? nanos : -1,
        traceId,
        failure);
  }
}
