package dev.freeway.ingress;

import java.util.Comparator;
import java.util.List;

/// A port of a load balancer and what happens to what arrives there. Rules are tried by ascending
/// priority; the default action takes what no rule took.
///
/// Port 0 binds a free port (tests); [Ingress#apply] tells which.
public record Listener(
    String arn, int port, Protocol protocol, List<Rule> rules, Action defaultAction) {

  public enum Protocol {
    HTTP,
    TCP
  }

  public Listener {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("Not a port: " + port);
    }
    if (protocol == Protocol.TCP && !(rules.isEmpty() && defaultAction instanceof Action.Forward)) {
      throw new IllegalArgumentException("A TCP listener only forwards and has no rules");
    }
    rules = rules.stream().sorted(Comparator.comparingInt(Rule::priority)).toList();
  }
}
