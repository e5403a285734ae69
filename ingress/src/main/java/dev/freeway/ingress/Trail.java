package dev.freeway.ingress;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What is known of one request while it goes; the log record in the end. Text is only made when
/// somebody watches.
final class Trail {
  private final ListenerPort port;
  private final ListenerContext context;
  private final HttpConnection connection;
  private final Peer peer;
  private final Wire client;
  private final long sentBefore;
  private final long started = System.nanoTime();

  // For the log only.
  private @Nullable Instant created;
  private String method = "-";
  private String url = "-";
  private String protocol = "-";
  private String userAgent = "-";
  private String domain = "-";
  String traceId = "-";
  @Nullable String redirectUrl;
  @Nullable String errorReason;

  boolean upgraded;
  private boolean grpc;
  private @Nullable Noncompliance noncompliance;
  private Transforms.@Nullable Rewritten rewritten;
  private String transformStatus = "-";

  int rulePriority = -1;
  String action = "";
  @Nullable Member member;
  int status;
  int targetStatus;
  long received;
  private long requestSent;
  private long firstByte;

  Trail(ListenerPort port, ListenerContext context, HttpConnection connection) {
    this.port = port;
    this.context = context;
    this.connection = connection;
    this.peer = connection.peer;
    this.client = connection.client;
    this.sentBefore = client.bytesOut;
  }

  /// Before the buffer that holds the head is used for something else.
  void note(Head head, RequestView view) {
    received = (long) head.end - head.start;
    if (!context.watched()) {
      return;
    }
    created = Instant.now();
    method = head.method();
    String authority = view.authority();
    domain = view.host();
    boolean hasPort = authority.length() != domain.length();
    String query = view.query().isEmpty() ? "" : "?" + view.query();
    url =
        context.scheme()
            + "://"
            + authority
            + (hasPort ? "" : context.portSuffix())
            + view.path()
            + query;
    String ofStream = connection.protocol;
    grpc = ofStream != null && connection.grpc();
    protocol = ofStream != null ? ofStream : head.version == 11 ? "HTTP/1.1" : "HTTP/1.0";
    String agent = head.first(Known.USER_AGENT);
    userAgent = agent == null ? "-" : agent;
  }

  void strays(@Nullable Noncompliance how) {
    noncompliance = how;
    if (how != null) {
      port.counters().add(Metric.DESYNC_NON_COMPLIANT_REQUEST_COUNT, 1);
    }
  }

  @Nullable Noncompliance noncompliance() {
    return noncompliance;
  }

  void transformed(Transforms.Rewritten rewritten, String status) {
    this.rewritten = rewritten;
    transformStatus = status;
  }

  void requestSent(Member to) {
    member = to;
    requestSent = System.nanoTime();
  }

  void responded(int status) {
    firstByte = System.nanoTime();
    targetStatus = status;
    this.status = status;
  }

  /// The request is over.
  void finish() {
    long end = System.nanoTime();
    long sent = client.bytesOut - sentBefore;
    count(sent);
    if (context.watched()) {
      port.observer().requestFinished(record(end, sent));
    }
  }

  private void count(long sent) {
    Counters counters = port.counters();
    counters.add(Metric.PROCESSED_BYTES, received + sent);
    if (targetStatus > 0 && member != null) {
      counters.add(Metric.REQUEST_COUNT, 1);
      counters.target(targetStatus, firstByte - requestSent);
      member.group.counters.add(Metric.REQUEST_COUNT, 1);
      member.group.counters.target(targetStatus, firstByte - requestSent);
      member.group.outcome(member, targetStatus >= 500);
    } else if (action.equals("redirect")) {
      counters.add(Metric.HTTP_REDIRECT_COUNT, 1);
      counters.add(Metric.ELB_3XX, 1);
    } else if (action.equals("fixed-response")) {
      counters.add(Metric.HTTP_FIXED_RESPONSE_COUNT, 1);
    } else {
      counters.error(status);
    }
  }

  private RequestRecord record(long end, long sent) {
    Instant from = created == null ? Instant.now() : created;
    boolean answered = targetStatus > 0;
    return new RequestRecord(
        context.loadBalancerArn(),
        context.listenerArn(),
        from,
        from.plus(Duration.ofNanos(end - started)),
        peer.socketAddress(),
        Optional.ofNullable(member).map(m -> m.target.endpoint()),
        requestSent == 0 ? -1 : requestSent - started,
        answered ? firstByte - requestSent : -1,
        answered ? end - firstByte : -1,
        status,
        answered ? OptionalInt.of(targetStatus) : OptionalInt.empty(),
        received,
        sent,
        method,
        url,
        protocol,
        userAgent,
        Optional.ofNullable(member).map(m -> m.group.arn),
        traceId,
        domain,
        rulePriority,
        action,
        Optional.ofNullable(redirectUrl),
        Optional.ofNullable(errorReason),
        upgraded,
        Optional.ofNullable(connection.tls),
        connection.traceId,
        Optional.ofNullable(rewritten).flatMap(r -> Optional.ofNullable(r.host())),
        Optional.ofNullable(rewritten).flatMap(r -> Optional.ofNullable(r.url())),
        transformStatus,
        Optional.ofNullable(noncompliance),
        grpc);
  }
}
