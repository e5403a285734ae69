package dev.freeway.ingress;

import dev.freeway.ingress.TargetHealth.Reason;
import dev.freeway.ingress.TargetHealth.State;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The targets of one group and their life: registered, checked, drained, gone.
final class TargetGroup {
  final String arn;

  /// What the cookie `AWSALBTG` says to mean this group.
  final String token;

  final Counters counters = new Counters();

  private final Timers timers;
  private final Prober prober;
  private final IdleWatch watch;
  private final HealthNews news;
  private final Anomalies anomalies = new Anomalies();

  private final Map<Target.Key, Member> members = new LinkedHashMap<>();
  private final Map<Target.Key, Member> draining = new LinkedHashMap<>();
  private volatile @Nullable TargetGroupConfig config;
  private volatile boolean inUse;
  private volatile boolean removed;
  private volatile List<Member> registered = List.of();
  private volatile Candidates candidates = Candidates.NONE;

  // The innermost lock: group, then health loop, then this.
  private final Object candidatesLock = new Object();

  TargetGroup(String arn, Timers timers, Prober prober, IdleWatch watch, HealthNews news) {
    this.arn = arn;
    this.token = Member.token(arn);
    this.timers = timers;
    this.prober = prober;
    this.watch = watch;
    this.news = news;
  }

  synchronized void apply(TargetGroupConfig wanted) {
    removed = false;
    TargetGroupConfig before = config;
    config = wanted;
    Map<Target.Key, Target> targets = new LinkedHashMap<>();
    wanted.targets().forEach(t -> targets.put(t.key(), t));
    List<Member> leaving =
        members.values().stream()
            .filter(m -> !m.target.equals(targets.get(m.target.key())))
            .toList();
    leaving.forEach(m -> members.remove(m.target.key()));
    boolean checksChanged = before != null && !before.healthCheck().equals(wanted.healthCheck());
    for (Target target : targets.values()) {
      Member member = members.get(target.key());
      if (member == null) {
        register(target, wanted);
      } else if (checksChanged && inUse) {
        check(member, wanted);
      }
    }
    // Before the draining: a request that finds its target draining looks for another one here.
    refresh();
    leaving.forEach(m -> deregister(m, wanted));
  }

  private void register(Target target, TargetGroupConfig config) {
    Member member = new Member(target, this, new UpstreamPool(target, config.transport(), watch));
    members.put(target.key(), member);
    if (inUse) {
      check(member, config);
    } else {
      news.tell(arn, health(member));
    }
  }

  private void check(Member member, TargetGroupConfig config) {
    stopChecks(member);
    HealthTally from = member.tally();
    member.checks =
        new HealthLoop(timers, prober, config.healthCheck(), from, tally -> checked(member, tally));
    member.checks.start();
  }

  private static void stopChecks(Member member) {
    if (member.checks != null) {
      member.checks.stop();
      member.checks = null;
    }
  }

  /// Must not take the group's lock: the loop's is held, which [#stopChecks] wants under the
  /// group's.
  private void checked(Member member, HealthTally tally) {
    TargetHealth before = member.tally().health();
    member.tally(tally, timers.now());
    if (!before.equals(tally.health())) {
      choose();
      news.tell(arn, tally.health());
      TargetGroupConfig current = config;
      if (current != null && tally.health().state() == State.UNHEALTHY) {
        endConnections(member, current.transport());
      }
    }
  }

  private void endConnections(Member member, TargetGroupConfig.Transport transport) {
    if (transport.endUnhealthy()) {
      member.pool.breakOff();
    } else if (!transport.unhealthyDraining().isZero()) {
      Instant wasHealthy = member.healthySince();
      timers.after(
          transport.unhealthyDraining(),
          () -> {
            boolean still = member.tally().health().state() == State.UNHEALTHY;
            // One that was healthy in between has a later end.
            if (still && Objects.equals(wasHealthy, member.healthySince())) {
              member.pool.breakOff();
            }
          });
    }
  }

  private synchronized void refresh() {
    registered = List.copyOf(members.values());
    choose();
  }

  /// Also for a group out of use: a request may still be on its way by the rules of a moment ago.
  private void choose() {
    synchronized (candidatesLock) {
      TargetGroupConfig current = config;
      candidates = current == null ? Candidates.NONE : Candidates.of(registered, current);
    }
  }

  private void deregister(Member member, TargetGroupConfig config) {
    stopChecks(member);
    draining.put(member.target.key(), member);
    member.drain();
    news.tell(arn, health(member));
    if (member.outstanding() == 0) {
      drained(member, false);
    } else {
      member.drainEnd =
          timers.after(
              config.deregistrationDelay(), () -> drained(member, config.transport().endDrained()));
    }
  }

  /// The last request of a draining member has ended.
  void idle(Member member) {
    drained(member, false);
  }

  private void drained(Member member, boolean breakOff) {
    synchronized (this) {
      if (!draining.remove(member.target.key(), member)) {
        return;
      }
      if (member.drainEnd != null) {
        member.drainEnd.cancel();
      }
      if (!members.containsKey(member.target.key())) {
        news.tell(arn, TargetHealth.of(member.target, State.UNUSED, Reason.NOT_REGISTERED));
      }
    }
    member.pool.close(breakOff);
  }

  /// Whether a listener forwards to this group. Without one, targets are `unused` and not checked.
  synchronized void inUse(boolean wanted) {
    if (inUse == wanted) {
      return;
    }
    inUse = wanted;
    TargetGroupConfig current = config;
    if (current != null) {
      for (Member member : members.values()) {
        if (wanted) {
          check(member, current);
        } else {
          stopChecks(member);
          member.tally(HealthTally.registered(member.target), timers.now());
          news.tell(arn, health(member));
        }
      }
    }
    if (wanted) {
      refresh();
    }
  }

  synchronized void remove() {
    TargetGroupConfig last = config;
    if (last != null) {
      apply(last.withTargets(List.of()));
    }
    removed = true;
  }

  /// Whether it was removed, or never had a configuration.
  boolean removed() {
    return removed || config == null;
  }

  /// Ends all checks and connections.
  synchronized void close() {
    for (Member member : members.values()) {
      stopChecks(member);
      member.pool.close(true);
    }
    for (Member member : List.copyOf(draining.values())) {
      drained(member, true);
    }
    members.clear();
    refresh();
  }

  Optional<TargetGroupConfig> config() {
    return Optional.ofNullable(config);
  }

  /// A target answered, or broke the connection.
  void outcome(Member member, boolean failed) {
    TargetGroupConfig current = config;
    if (current != null && current.algorithm() == TargetGroupConfig.Algorithm.WEIGHTED_RANDOM) {
      member.outcomes.add(failed);
      anomalies.look(registered, timers.now());
    }
  }

  /// The targets that fail far more than the others.
  Set<Target.Key> anomalous() {
    return registered.stream()
        .filter(m -> m.outcomes.anomalous())
        .map(m -> m.target.key())
        .collect(Collectors.toSet());
  }

  /// The target for a request, or null when there is none but those in `except`.
  ///
  /// @param crossZone what the load balancer says; the group may know better
  @Nullable Member pick(
      @Nullable String stickyToken, Collection<Member> except, boolean crossZone) {
    Candidates now = candidates;
    Member sticky = stickyToken == null ? null : now.byToken(stickyToken, except);
    return sticky != null ? sticky : now.pick(except, timers, crossZone);
  }

  /// The same target for the same client, as long as the targets stay.
  @Nullable Member pickFor(InetAddress client, Collection<Member> except) {
    return candidates.bySource(client, except);
  }

  synchronized List<TargetHealth> health() {
    List<TargetHealth> all = new ArrayList<>();
    members.values().forEach(m -> all.add(health(m)));
    draining.values().stream()
        .filter(m -> !members.containsKey(m.target.key()))
        .forEach(m -> all.add(health(m)));
    return all;
  }

  private TargetHealth health(Member member) {
    if (member.draining()) {
      return TargetHealth.of(member.target, State.DRAINING, Reason.DEREGISTRATION_IN_PROGRESS);
    }
    return inUse
        ? member.tally().health()
        : TargetHealth.of(member.target, State.UNUSED, Reason.NOT_IN_USE);
  }
}
