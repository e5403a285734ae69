package dev.freeway.ingress;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// The load balancers' data plane: takes configurations, carries traffic, tells the targets'
/// health.
///
/// Every `apply` gives the whole wanted state and may be repeated; no request under way is lost by
/// one. Load balancers and target groups may be applied in either order. Holds nothing durable:
/// after a restart, apply again.
public final class Ingress implements AutoCloseable {
  private static final long SWEEP_NANOS = 500_000_000L;

  private final Timers timers;
  private final Observers observer;
  private final Prober prober;
  private final IdleWatch watch;
  private final HealthNews news;
  private final Map<String, RunningBalancer> balancers = new ConcurrentHashMap<>();
  private final Map<String, TargetGroup> groups = new ConcurrentHashMap<>();

  public Ingress(Timers timers, IngressObserver observer) {
    this(timers, observer, Prober.NETWORK, new IdleWatch(System::nanoTime).start(SWEEP_NANOS));
  }

  Ingress(Timers timers, IngressObserver observer, Prober prober, IdleWatch watch) {
    this.timers = timers;
    this.observer = new Observers(observer);
    this.prober = prober;
    this.watch = watch;
    this.news = new HealthNews(this.observer);
  }

  /// One more to be told; load balancers that are there already ask it when they are applied again.
  public void tell(IngressObserver other) {
    observer.add(other);
  }

  /// Opens or changes a load balancer. Returns where each listener listens, by listener ARN.
  public synchronized Map<String, InetSocketAddress> apply(LoadBalancerConfig config)
      throws BindFailure {
    RunningBalancer known = balancers.get(config.arn());
    RunningBalancer balancer =
        known != null ? known : new RunningBalancer(observer, watch, this::group);
    // Before traffic can come, so that checks are under way by then.
    config.listeners().stream()
        .flatMap(l -> Routes.targetGroups(l).stream())
        .forEach(arn -> group(arn).inUse(true));
    try {
      Map<String, InetSocketAddress> addresses = balancer.apply(config);
      balancers.put(config.arn(), balancer);
      return addresses;
    } finally {
      updateUse();
    }
  }

  /// Closes the load balancer's ports; requests under way end. Unknown ARNs are ignored.
  public synchronized void remove(String loadBalancerArn) {
    RunningBalancer balancer = balancers.remove(loadBalancerArn);
    if (balancer != null) {
      balancer.close();
      updateUse();
    }
  }

  /// Registers, changes and drains targets.
  public synchronized void applyTargets(TargetGroupConfig config) {
    group(config.arn()).apply(config);
  }

  /// Drains all targets and forgets the group. Unknown ARNs are ignored.
  public synchronized void removeTargets(String targetGroupArn) {
    TargetGroup group = groups.get(targetGroupArn);
    if (group != null) {
      group.remove();
      updateUse();
    }
  }

  /// Registered targets and those still draining; empty for an unknown group.
  public List<TargetHealth> health(String targetGroupArn) {
    TargetGroup group = groups.get(targetGroupArn);
    return group == null ? List.of() : group.health();
  }

  /// Which targets fail far more than the others of their group, as `AnomalyDetection` tells them;
  /// only looked for in groups that choose by chance.
  public Set<Target.Key> anomalous(String targetGroupArn) {
    TargetGroup group = groups.get(targetGroupArn);
    return group == null ? Set.of() : group.anomalous();
  }

  /// Where to send a request with this `Host` (with or without port): to the listener on that port,
  /// else the first HTTP listener. Empty when no load balancer has the name.
  public Optional<InetSocketAddress> addressFor(String host) {
    String name = RequestView.hostOf(host);
    for (RunningBalancer balancer : balancers.values()) {
      LoadBalancerConfig config = balancer.config();
      if (config != null && config.dnsName().equalsIgnoreCase(name)) {
        List<Listener> http =
            config.listeners().stream()
                .filter(l -> l.protocol() == Listener.Protocol.HTTP)
                .toList();
        return http.stream()
            .filter(l -> host.endsWith(":" + l.port()))
            .findFirst()
            .or(() -> http.stream().findFirst())
            .map(balancer::address);
      }
    }
    return Optional.empty();
  }

  /// Sums since the load balancer was first applied; empty for an unknown one.
  public Map<Metric, Long> counters(String loadBalancerArn) {
    RunningBalancer balancer = balancers.get(loadBalancerArn);
    return balancer == null ? Map.of() : balancer.counters.snapshot();
  }

  /// Sums of a target group over all load balancers: requests, target codes and response time.
  public Map<Metric, Long> targetGroupCounters(String targetGroupArn) {
    TargetGroup group = groups.get(targetGroupArn);
    return group == null ? Map.of() : group.counters.snapshot();
  }

  /// How long a load balancer's targets took to answer since this was last asked.
  public List<ResponseTime> takeResponseTimes(String loadBalancerArn) {
    RunningBalancer balancer = balancers.get(loadBalancerArn);
    return balancer == null ? List.of() : balancer.counters.takeTimes();
  }

  /// The same of a target group.
  public List<ResponseTime> takeTargetGroupResponseTimes(String targetGroupArn) {
    TargetGroup group = groups.get(targetGroupArn);
    return group == null ? List.of() : group.counters.takeTimes();
  }

  /// Made when first named: a rule may name a group whose targets come later, or never.
  private TargetGroup group(String arn) {
    return groups.computeIfAbsent(arn, a -> new TargetGroup(a, timers, prober, watch, news));
  }

  private void updateUse() {
    Set<String> used = new HashSet<>();
    for (RunningBalancer balancer : balancers.values()) {
      LoadBalancerConfig config = balancer.config();
      if (config != null) {
        config.listeners().forEach(l -> used.addAll(Routes.targetGroups(l)));
      }
    }
    groups.forEach((arn, group) -> group.inUse(used.contains(arn)));
    groups.values().removeIf(g -> !used.contains(g.arn) && g.health().isEmpty() && g.removed());
  }

  /// Stops: no new connections, requests under way may end within `grace`, the rest is broken off.
  public synchronized void close(Duration grace) {
    List<RunningBalancer> closing = new ArrayList<>(balancers.values());
    closing.forEach(RunningBalancer::close);
    long end = System.nanoTime() + grace.toNanos();
    while (!closing.stream().allMatch(RunningBalancer::quiet) && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(2_000_000);
    }
    closing.forEach(RunningBalancer::closeNow);
    balancers.clear();
    groups.values().forEach(TargetGroup::close);
    groups.clear();
    news.close();
    watch.close();
  }

  /// [#close(Duration)] with ten seconds.
  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }
}
