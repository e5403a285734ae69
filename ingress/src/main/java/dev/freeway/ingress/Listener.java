package dev.freeway.ingress;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A port of a load balancer and what happens to what arrives there. Rules are tried by ascending
/// priority; the default action takes what no rule took.
///
/// Port 0 binds a free port (tests); [Ingress#apply] tells which.
public record Listener(
    String arn,
    int port,
    Protocol protocol,
    List<Rule> rules,
    Action defaultAction,
    Optional<TlsConfig> tls,
    ListenerAttributes attributes) {

  public enum Protocol {
    HTTP,
    HTTPS,
    TCP,
    TLS;

    boolean isHttp() {
      return this == HTTP || this == HTTPS;
    }

    boolean isSealed() {
      return this == HTTPS || this == TLS;
    }
  }

  /// One without TLS and with the usual attributes.
  public Listener(String arn, int port, Protocol protocol, List<Rule> rules, Action defaultAction) {
    this(arn, port, protocol, rules, defaultAction, Optional.empty(), ListenerAttributes.DEFAULT);
  }

  public Listener {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("Not a port: " + port);
    }
    if (!protocol.isHttp() && !(rules.isEmpty() && defaultAction instanceof Action.Forward)) {
      throw new IllegalArgumentException("A TCP listener only forwards and has no rules");
    }
    if (protocol.isSealed() != tls.isPresent()) {
      throw new IllegalArgumentException("TLS settings do not fit " + protocol);
    }
    rules = rules.stream().sorted(Comparator.comparingInt(Rule::priority)).toList();
  }
}
