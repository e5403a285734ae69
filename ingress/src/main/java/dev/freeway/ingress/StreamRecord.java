package dev.freeway.ingress;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One connection of a TLS listener, with the fields of a network load balancer's access log.
///
/// @param received from the client
/// @param sent to the client
/// @param alpn what both agreed on, or empty
public record StreamRecord(
    String loadBalancerArn,
    String listenerArn,
    Instant started,
    InetSocketAddress client,
    InetSocketAddress listener,
    Duration connected,
    Duration handshake,
    long received,
    long sent,
    Optional<TlsFacts> tls,
    String alpn) {}
