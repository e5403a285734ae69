package dev.freeway.ingress;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// One finished request with the fields of an Application Load Balancer's access log.
///
/// Times are in nanoseconds; -1 where the log has -1 (no target, or it did not answer).
///
/// @param creationTime when the head had arrived
/// @param time when the response had been sent
/// @param requestNanos from the head to the moment it was sent to the target
/// @param targetNanos from then to the first byte of the response
/// @param responseNanos from then to the end of sending it to the client
/// @param elbStatusCode 460 when the client went away before there was a response
/// @param requestUrl `http://host:port/path?query`
/// @param matchedRulePriority 0: default action; -1: no rule was looked at (malformed request)
/// @param action `forward`, `redirect`, `fixed-response`, or empty
/// @param upgraded whether it became a WebSocket or the like
/// @param connectionTraceId `-` on a plain connection
/// @param transformStatus `-` when nothing was to be transformed
/// @param errorReason empty, or in a word why the load balancer answered itself
public record RequestRecord(
    String loadBalancerArn,
    String listenerArn,
    Instant creationTime,
    Instant time,
    InetSocketAddress client,
    Optional<InetSocketAddress> target,
    long requestNanos,
    long targetNanos,
    long responseNanos,
    int elbStatusCode,
    OptionalInt targetStatusCode,
    long receivedBytes,
    long sentBytes,
    String method,
    String requestUrl,
    String protocol,
    String userAgent,
    Optional<String> targetGroupArn,
    String traceId,
    String domainName,
    int matchedRulePriority,
    String action,
    Optional<String> redirectUrl,
    Optional<String> errorReason,
    boolean upgraded,
    Optional<TlsFacts> tls,
    String connectionTraceId,
    Optional<String> transformedHost,
    Optional<String> transformedUrl,
    String transformStatus,
    Optional<Noncompliance> noncompliance,
    boolean grpc) {}
