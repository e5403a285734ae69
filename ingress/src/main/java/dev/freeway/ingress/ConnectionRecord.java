package dev.freeway.ingress;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/// One attempt to connect to an HTTPS listener, with the fields of the connection log.
///
/// @param tls empty when the handshake failed
/// @param handshakeNanos -1 when it failed
/// @param traceId the same as in the records of the connection's requests
/// @param failure what the handshake failed of
public record ConnectionRecord(
    String loadBalancerArn,
    String listenerArn,
    Instant time,
    InetSocketAddress client,
    int listenerPort,
    Optional<TlsFacts> tls,
    long handshakeNanos,
    String traceId,
    Optional<String> failure) {}
