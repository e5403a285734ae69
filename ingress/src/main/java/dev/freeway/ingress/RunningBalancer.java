package dev.freeway.ingress;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A load balancer with its open ports.
final class RunningBalancer {
  private final IngressObserver observer;
  private final IdleWatch watch;
  private final Function<String, TargetGroup> groups;
  final Counters counters = new Counters();
  private Map<String, ListenerPort> ports = new HashMap<>();
  private @Nullable LoadBalancerConfig config;

  RunningBalancer(IngressObserver observer, IdleWatch watch, Function<String, TargetGroup> groups) {
    this.observer = observer;
    this.watch = watch;
    this.groups = groups;
  }

  /// Opens what is missing, then changes all listeners over, then closes what is left. Returns the
  /// address of each listener, by its ARN. After a failure all is as it was.
  Map<String, InetSocketAddress> apply(LoadBalancerConfig wanted) throws BindFailure {
    LoadBalancerConfig before = config;
    boolean moved = before != null && !before.address().equals(wanted.address());
    Map<String, ListenerPort> next = new LinkedHashMap<>();
    List<ListenerPort> opened = new ArrayList<>();
    try {
      for (Listener listener : wanted.listeners()) {
        ListenerPort port = moved ? null : ports.get(key(listener));
        if (port == null) {
          InetSocketAddress address = new InetSocketAddress(wanted.address(), listener.port());
          port = ListenerPort.bind(address, observer, counters, watch);
          opened.add(port);
        }
        if (next.put(key(listener), port) != null) {
          throw new IllegalArgumentException("Two listeners on port " + listener.port());
        }
      }
    } catch (BindFailure | IllegalArgumentException e) {
      opened.forEach(ListenerPort::close);
      throw e;
    }
    Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
    for (Listener listener : wanted.listeners()) {
      ListenerPort port = Objects.requireNonNull(next.get(key(listener)));
      Routes routes = Routes.of(listener, groups);
      port.use(
          listener.protocol(),
          ListenerContext.of(wanted, listener, port.bound(), routes, port.known(), observer));
      addresses.put(listener.arn(), port.bound());
    }
    ports.values().stream().filter(p -> !next.containsValue(p)).forEach(ListenerPort::close);
    ports = next;
    config = wanted;
    return addresses;
  }

  /// A port stays open when another listener takes it over.
  private static String key(Listener listener) {
    return listener.port() == 0 ? listener.arn() : String.valueOf(listener.port());
  }

  @Nullable LoadBalancerConfig config() {
    return config;
  }

  @Nullable InetSocketAddress address(Listener listener) {
    ListenerPort port = ports.get(key(listener));
    return port == null ? null : port.bound();
  }

  void close() {
    ports.values().forEach(ListenerPort::close);
  }

  void closeNow() {
    ports.values().forEach(ListenerPort::closeNow);
  }

  boolean quiet() {
    return ports.values().stream().allMatch(ListenerPort::quiet);
  }
}
