package dev.freeway.ingress;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The whole wanted state of one load balancer. Applying it replaces the former state at once: a
/// request is routed by the state that held when its head was complete.
///
/// `dnsName` is the name clients send in `Host`; `address` is the address its listeners bind on.
public record LoadBalancerConfig(
    String arn,
    String name,
    String dnsName,
    InetAddress address,
    List<Listener> listeners,
    LoadBalancerAttributes attributes) {

  public LoadBalancerConfig {
    listeners = List.copyOf(listeners);
    Set<String> arns = new HashSet<>();
    for (Listener listener : listeners) {
      if (!arns.add(listener.arn())) {
        throw new IllegalArgumentException("Two listeners with the ARN " + listener.arn());
      }
    }
  }
}
