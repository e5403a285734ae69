package dev.freeway.elbv2;

import dev.freeway.ingress.ConnectionRecord;
import dev.freeway.ingress.Noncompliance;
import dev.freeway.ingress.RequestRecord;
import dev.freeway.ingress.StreamRecord;
import dev.freeway.ingress.TlsFacts;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// Entries of the access logs and connection logs, field by field as AWS writes them:
/// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
final class LogLines {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private LogLines() {}

  /// @param id `app/web/1234567890abcdef`
  static String of(String id, RequestRecord r) {
    boolean sealed = r.tls().isPresent();
    String type =
        r.protocol().equals("HTTP/2.0")
            ? r.grpc() ? "grpcs" : "h2"
            : r.upgraded() ? sealed ? "wss" : "ws" : sealed ? "https" : "http";
    String target = r.target().map(LogLines::address).orElse("-");
    String targetStatus =
        r.targetStatusCode().isPresent() ? String.valueOf(r.targetStatusCode().getAsInt()) : "-";
    return String.join(
        " ",
        type,
        TIME.format(r.time()),
        id,
        address(r.client()),
        target,
        seconds(r.requestNanos()),
        seconds(r.targetNanos()),
        seconds(r.responseNanos()),
        String.valueOf(r.elbStatusCode()),
        targetStatus,
        String.valueOf(r.receivedBytes()),
        String.valueOf(r.sentBytes()),
        quoted(r.method() + " " + r.requestUrl() + " " + r.protocol()),
        quoted(r.userAgent()),
        r.tls().map(TlsFacts::cipher).orElse("-"),
        r.tls().map(TlsFacts::protocol).orElse("-"),
        r.targetGroupArn().orElse("-"),
        quoted(r.traceId()),
        quoted(r.tls().map(TlsFacts::serverName).filter(n -> !n.isEmpty()).orElse("-")),
        quoted(r.tls().map(TlsFacts::certificate).filter(n -> !n.isEmpty()).orElse("-")),
        r.matchedRulePriority() < 0 ? "-" : String.valueOf(r.matchedRulePriority()),
        TIME.format(r.creationTime()),
        quoted(r.action().isEmpty() ? "-" : r.action()),
        quoted(r.redirectUrl().orElse("-")),
        quoted(reason(r)),
        quoted(target),
        quoted(targetStatus),
        quoted(r.noncompliance().map(n -> n.level().wireName()).orElse("-")),
        quoted(r.noncompliance().map(Noncompliance::wireName).orElse("-")),
        r.connectionTraceId(),
        quoted(r.transformedHost().orElse("-")),
        quoted(r.transformedUrl().orElse("-")),
        quoted(r.transformStatus()));
  }

  /// AWS has reasons for a few kinds of targets and actions only.
  private static String reason(RequestRecord r) {
    return r.errorReason().filter(e -> e.startsWith("Lambda") || e.startsWith("Auth")).orElse("-");
  }

  static String of(ConnectionRecord r) {
    Optional<X509Certificate> leaf =
        r.tls().map(TlsFacts::clientCertificates).flatMap(c -> c.stream().findFirst());
    return String.join(
        " ",
        TIME.format(r.time()),
        r.client().getAddress().getHostAddress(),
        String.valueOf(r.client().getPort()),
        String.valueOf(r.listenerPort()),
        r.tls().map(TlsFacts::protocol).orElse("-"),
        r.tls().map(TlsFacts::cipher).orElse("-"),
        r.handshakeNanos() < 0 ? "-" : seconds(r.handshakeNanos()),
        quoted(leaf.map(c -> c.getSubjectX500Principal().getName()).orElse("-")),
        leaf.map(LogLines::validity).orElse("-"),
        leaf.map(c -> c.getSerialNumber().toString(16).toUpperCase(Locale.ROOT)).orElse("-"),
        r.failure().isEmpty() ? "Success" : failed(r.failure().get()),
        r.traceId());
  }

  private static String failed(String why) {
    return "Failed:"
        + (why.contains("client certificate")
            ? "ClientCertUntrusted"
            : why.contains("timed out") ? "TLSHandshakeTimeout" : "UnmappedConnectionError");
  }

  private static String validity(X509Certificate c) {
    return "NotBefore="
        + SECONDS.format(c.getNotBefore().toInstant())
        + "Z;NotAfter="
        + SECONDS.format(c.getNotAfter().toInstant())
        + "Z";
  }

  /// @param id `net/web/1234567890abcdef`
  static String of(String id, String dnsName, StreamRecord r) {
    String listener = r.listenerArn().substring(r.listenerArn().lastIndexOf('/') + 1);
    return String.join(
        " ",
        "tls",
        "2.0",
        SECONDS.format(r.started().plus(r.connected())),
        id,
        listener,
        address(r.client()),
        address(r.listener()),
        String.valueOf(r.connected().toMillis()),
        String.valueOf(r.handshake().toMillis()),
        String.valueOf(r.received()),
        String.valueOf(r.sent()),
        "-",
        r.tls().map(TlsFacts::certificate).filter(n -> !n.isEmpty()).orElse("-"),
        "-",
        r.tls().map(TlsFacts::cipher).orElse("-"),
        r.tls().map(t -> t.protocol().toLowerCase(Locale.ROOT).replace(".", "")).orElse("-"),
        "-",
        r.tls().map(TlsFacts::serverName).filter(n -> !n.isEmpty()).orElse(dnsName),
        r.alpn().isEmpty() ? "-" : r.alpn(),
        "-",
        "-",
        SECONDS.format(r.started()));
  }

  private static String address(InetSocketAddress a) {
    return a.getAddress().getHostAddress() + ":" + a.getPort();
  }

  private static String seconds(long nanos) {
    return nanos < 0 ? "-1" : String.format(Locale.ROOT, "%.3f", nanos / 1e9);
  }

  /// What came from outside is escaped, so that nobody writes an entry of their own.
  private static String quoted(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        safe.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        safe.append(String.format("\\x%02X", (int) c));
      } else {
        safe.append(c);
      }
    }
    return safe.append('"').toString();
  }

  static String fileTime(Instant end) {
    return DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC).format(end);
  }

  static String folder(Instant end) {
    return DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC).format(end);
  }
}
