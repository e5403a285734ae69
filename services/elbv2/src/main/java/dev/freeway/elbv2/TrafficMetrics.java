package dev.freeway.elbv2;

import dev.freeway.ingress.Ingress;
import dev.freeway.ingress.Metric;
import dev.freeway.ingress.ResponseTime;
import dev.freeway.ingress.TargetHealth;
import dev.freeway.platform.Measured;
import dev.freeway.platform.Measures;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// AWS/ApplicationELB and AWS/NetworkELB: what the data plane has counted since the last minute.
/// See "CloudWatch metrics for your Application Load Balancer" in its user guide.
final class TrafficMetrics implements Measures.Source {
  private static final Set<Metric> OF_NETWORK =
      Set.of(Metric.NEW_CONNECTION_COUNT, Metric.PROCESSED_BYTES);

  private final Platform platform;
  private final State state;
  private final Ingress ingress;

  /// Sums at the last look, by ARN.
  private Map<String, Map<Metric, Long>> before = new HashMap<>();

  TrafficMetrics(Platform platform, State state, Ingress ingress) {
    this.platform = platform;
    this.state = state;
    this.ingress = ingress;
  }

  /// A load balancer with the target groups it sends to.
  private record Served(Balancer balancer, Set<String> groups) {}

  @Override
  public synchronized void measure(Instant at, Consumer<Measured> out) {
    List<Served> all =
        platform
            .store()
            .read(
                tx ->
                    tx.scan(State.BALANCERS, "").stream()
                        .map(r -> new Served(r.value(), state.groupsOf(tx, r.value().arn())))
                        .toList());
    Map<String, Map<Metric, Long>> now = new HashMap<>();
    for (Served s : all) {
      Telling balancer = new Telling(s.balancer(), null, at, out);
      String arn = s.balancer().arn();
      now.put(arn, ingress.counters(arn));
      balancer.counts(before.get(arn), now.get(arn));
      balancer.times(ingress.takeResponseTimes(arn), before.get(arn), now.get(arn));
      for (String group : s.groups()) {
        Telling one = new Telling(s.balancer(), group, at, out);
        now.put(group, ingress.targetGroupCounters(group));
        one.counts(before.get(group), now.get(group));
        one.times(ingress.takeTargetGroupResponseTimes(group), before.get(group), now.get(group));
        List<TargetHealth> targets = ingress.health(group);
        one.health(targets);
        one.perTarget(since(before.get(group), now.get(group), Metric.REQUEST_COUNT), targets);
      }
    }
    before = now;
  }

  private static long since(@Nullable Map<Metric, Long> before, Map<Metric, Long> now, Metric m) {
    long was = before == null ? 0 : before.getOrDefault(m, 0L);
    long is = now.getOrDefault(m, 0L);
    // Less than before: it was removed and made again.
    return is < was ? is : is - was;
  }

  /// Metrics of a load balancer, or of one of its target groups.
  private static final class Telling {
    private final Balancer balancer;
    private final Map<String, String> dimensions;
    private final boolean ofGroup;
    private final Scope scope;
    private final Instant at;
    private final Consumer<Measured> out;

    Telling(Balancer b, @Nullable String group, Instant at, Consumer<Measured> out) {
      this.balancer = b;
      this.at = at;
      this.out = out;
      scope = LogBuckets.scope(b.arn());
      ofGroup = group != null;
      String name = b.arn().substring(b.arn().indexOf(":loadbalancer/") + 14);
      dimensions =
          group != null
              ? Map.of(
                  "LoadBalancer", name, "TargetGroup", group.substring(group.lastIndexOf(':') + 1))
              : Map.of("LoadBalancer", name);
    }

    private void tell(String name, String unit, double value, double times) {
      String namespace = balancer.isApplication() ? "AWS/ApplicationELB" : "AWS/NetworkELB";
      out.accept(Measured.times(scope, namespace, name, dimensions, unit, at, value, times));
    }

    void counts(@Nullable Map<Metric, Long> before, Map<Metric, Long> now) {
      for (Metric m : now.keySet()) {
        long n = since(before, now, m);
        boolean known =
            m != Metric.TARGET_RESPONSE_NANOS
                && (balancer.isApplication() || OF_NETWORK.contains(m));
        if (n == 0 || !known) {
          continue;
        }
        if (m == Metric.PROCESSED_BYTES) {
          tell(m.wireName(), "Bytes", n, 1);
        } else if (m == Metric.NEW_CONNECTION_COUNT && !balancer.isApplication()) {
          tell("NewFlowCount", "Count", 1, n);
        } else {
          // Every request is a sample of 1, as on AWS: sum and sample count are both their number.
          tell(m.wireName(), "Count", 1, n);
        }
      }
    }

    void times(
        List<ResponseTime> times, @Nullable Map<Metric, Long> before, Map<Metric, Long> now) {
      if (times.isEmpty() || !balancer.isApplication()) {
        return;
      }
      out.accept(
          new Measured(
              scope,
              "AWS/ApplicationELB",
              Metric.TARGET_RESPONSE_NANOS.wireName(),
              dimensions,
              "Seconds",
              at,
              since(before, now, Metric.TARGET_RESPONSE_NANOS) / 1e9,
              times.stream().map(ResponseTime::seconds).toList(),
              times.stream().map(t -> (double) t.count()).toList()));
    }

    void health(List<TargetHealth> targets) {
      if (targets.isEmpty()) {
        return;
      }
      tell("HealthyHostCount", "Count", count(targets, "healthy"), 1);
      tell("UnHealthyHostCount", "Count", count(targets, "unhealthy"), 1);
    }

    /// An average that AWS shows as a sum; scaling policies ask for it.
    void perTarget(long requests, List<TargetHealth> targets) {
      long healthy = count(targets, "healthy");
      if (healthy > 0 && balancer.isApplication()) {
        tell("RequestCountPerTarget", "Count", (double) requests / healthy, 1);
      }
    }

    private static long count(List<TargetHealth> targets, String state) {
      return targets.stream().filter(t -> t.state().wireName().equals(state)).count();
    }
  }
}
