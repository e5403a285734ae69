package dev.freeway.ecs;

import dev.freeway.ecs.api.AdvancedConfiguration;
import dev.freeway.ecs.api.LoadBalancer;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Deployments that move traffic: keeps the tasks of both sides, and puts into the load balancer
/// what [Shift] says.
final class Shifting {
  private final Targets targets;
  private final ServiceTasks keeper;
  private final DeploymentEvents events;

  Shifting(Targets targets, ServiceTasks keeper, DeploymentEvents events) {
    this.targets = targets;
    this.keeper = keeper;
    this.events = events;
  }

  /// The load balancers of a service with the target groups that a deployment's tasks are in.
  ///
  /// @param from the deployment that has the traffic
  /// @param other whether to take the target groups that `from` has not
  static List<LoadBalancer> balancers(
      List<LoadBalancer> asked, @Nullable StoredDeployment from, boolean other) {
    List<LoadBalancer> all = new ArrayList<>();
    for (LoadBalancer lb : asked) {
      AdvancedConfiguration a = lb.advancedConfiguration();
      boolean alternate =
          a != null
              && from != null
              && from.loadBalancers().stream()
                  .anyMatch(x -> a.alternateTargetGroupArn().equals(x.targetGroupArn()));
      boolean first =
          a != null
              && from != null
              && from.loadBalancers().stream()
                  .anyMatch(x -> lb.targetGroupArn().equals(x.targetGroupArn()));
      all.add(other && first || !other && alternate ? swapped(lb, a) : lb);
    }
    return all;
  }

  private static LoadBalancer swapped(LoadBalancer lb, AdvancedConfiguration a) {
    return lb.toBuilder()
        .targetGroupArn(a.alternateTargetGroupArn())
        .advancedConfiguration(a.toBuilder().alternateTargetGroupArn(lb.targetGroupArn()).build())
        .build();
  }

  /// The next deployment of a service, with its traffic still where it is.
  static StoredDeployment begin(StoredService s, StoredDeployment next, Instant now) {
    List<LoadBalancer> asked = next.loadBalancers();
    StoredDeployment from = serving(s).orElse(null);
    if (!StrategyCheck.shifts(s.service().deploymentConfiguration())) {
      return next.withShift(balancers(asked, from, false), null);
    }
    boolean several = s.deployments().size() > 1;
    return next.withShift(
        balancers(asked, from, true), Shift.begun(from == null ? null : from.id(), several, now));
  }

  /// The deployment whose tasks have the traffic.
  private static Optional<StoredDeployment> serving(StoredService s) {
    StoredDeployment primary = s.primary().orElse(null);
    StoredDeployment good = s.lastGood();
    if (primary == null || primary.is("COMPLETED") || primary.rollback() || good == null) {
      return Optional.ofNullable(primary);
    }
    return s.deployments().stream()
        .filter(d -> d.id().equals(good.id()))
        .findFirst()
        .or(() -> Optional.of(primary));
  }

  /// Whether a deployment moves traffic now.
  static boolean shifts(StoredService s) {
    return s.status().equals("ACTIVE")
        && s.primary().filter(d -> d.shift() != null && d.is("IN_PROGRESS")).isPresent();
  }

  /// What came of putting weights in place.
  ///
  /// @param shift whose weights they are
  /// @param refusal why the load balancer does not have them
  record Placed(Shift shift, Optional<String> refusal) {}

  /// Gives the load balancers the weights that are to be; empty when they are. Asks other services.
  Optional<Placed> place(StoredService s) {
    StoredDeployment d = s.primary().orElseThrow();
    Shift shift = d.shift();
    if (shift == null || shift.placedAt() != null) {
      return Optional.empty();
    }
    try {
      for (LoadBalancer lb : d.loadBalancers()) {
        AdvancedConfiguration a = lb.advancedConfiguration();
        // Without a deployment before there is nobody to leave the rest to.
        if (a != null && (shift.from() != null || shift.production() > 0 || shift.test())) {
          place(s, lb, a, shift);
        }
      }
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e;
      }
      return Optional.of(new Placed(shift, Optional.of(e.message())));
    }
    return Optional.of(new Placed(shift, Optional.empty()));
  }

  private void place(StoredService s, LoadBalancer lb, AdvancedConfiguration a, Shift shift) {
    String live = lb.targetGroupArn();
    String other = a.alternateTargetGroupArn();
    if (shift.from() != null || shift.production() > 0) {
      targets.weigh(s.scope(), a.productionListenerRule(), live, other, shift.production());
    }
    if (a.testListenerRule() != null) {
      targets.weigh(s.scope(), a.testListenerRule(), live, other, shift.test() ? 100 : 0);
    }
  }

  /// Goes on as far as it can now.
  ///
  /// @param told what functions of hooks have answered, by the hooks' ids
  StoredService advance(
      Tx tx,
      StoredService s,
      List<StoredTask> all,
      Map<String, ServiceHealth.Verdict> verdicts,
      @Nullable Placed placed,
      Map<String, LambdaHooks.Answer> told,
      Instant now) {
    StoredDeployment d = s.primary().orElseThrow();
    Shift shift = Objects.requireNonNull(d.shift());
    if (!told.isEmpty()) {
      shift = shift.with(shift.hooks().stream().map(h -> answered(h, told.get(h.id()))).toList());
    }
    if (placed != null && placed.shift().equals(d.shift())) {
      // What cannot be taken back because the rule is gone must not keep a roll-back from its end.
      if (placed.refusal().isPresent() && !shift.back()) {
        return fail(tx, s, "unable to shift traffic: " + placed.refusal().get(), now);
      }
      shift = shift.placed(now);
    }
    var seen = sight(s, d, shift, all, verdicts);
    var configuration = s.service().deploymentConfiguration();
    for (Stage ignored : Stage.values()) {
      shift = shift.next(configuration, seen, now);
    }
    if (shift.hookFailed()) {
      StoredService noted = s.replacing(d.withShift(shift));
      return fail(tx, noted, "a lifecycle hook of stage %s failed".formatted(shift.stage()), now);
    }
    StoredService after = shift.equals(d.shift()) ? s : s.replacing(d.withShift(shift));
    after = keep(tx, after, shift, all, verdicts, now);
    boolean done = shift.stage() == Stage.CLEAN_UP && shift.placedAt() != null && seen.over();
    return done && seen.ready() ? complete(tx, after, now) : alive(after, shift, all);
  }

  private static ShiftHook answered(ShiftHook h, LambdaHooks.@Nullable Answer answer) {
    return answer == null || !h.waits() ? h : h.with(answer.status(), answer.askAgain());
  }

  private static List<StoredTask> own(List<StoredTask> all, String deployment) {
    return all.stream().filter(t -> deployment.equals(t.deployment())).toList();
  }

  private static Shift.Sight sight(
      StoredService s,
      StoredDeployment d,
      Shift shift,
      List<StoredTask> all,
      Map<String, ServiceHealth.Verdict> verdicts) {
    List<StoredTask> mine = own(all, d.id()).stream().filter(StoredTask::isWanted).toList();
    boolean ready = mine.size() == s.desired() && mine.stream().allMatch(t -> healthy(t, verdicts));
    List<StoredTask> others =
        all.stream().filter(t -> !d.id().equals(t.deployment()) && !t.is("STOPPED")).toList();
    boolean alone =
        others.stream()
            .allMatch(t -> t.deployment() != null && t.deployment().equals(shift.from()));
    return new Shift.Sight(ready, alone, others.isEmpty());
  }

  private static boolean healthy(StoredTask t, Map<String, ServiceHealth.Verdict> verdicts) {
    return verdicts.containsKey(t.id()) && verdicts.get(t.id()).healthy();
  }

  /// Starts and stops tasks so that each deployment has its count.
  private StoredService keep(
      Tx tx,
      StoredService s,
      Shift shift,
      List<StoredTask> all,
      Map<String, ServiceHealth.Verdict> verdicts,
      Instant now) {
    String primary = s.primary().orElseThrow().id();
    StoredService after = s;
    for (StoredDeployment d : s.deployments()) {
      Integer wanted = shift.wanted(primary, d.id(), s.desired());
      List<StoredTask> own = own(all, d.id());
      List<StoredTask> there = own.stream().filter(StoredTask::isWanted).toList();
      if (wanted != null && there.size() > wanted) {
        List<StoredTask> stop =
            there.stream()
                .filter(t -> !t.isProtected(now))
                .sorted(
                    Comparator.comparing((StoredTask t) -> healthy(t, verdicts))
                        .thenComparing(t -> t.task().createdAt(), Comparator.reverseOrder()))
                .limit(there.size() - wanted)
                .toList();
        after = keeper.stop(tx, after, d.id(), stop, now);
      } else if (wanted != null && there.size() < wanted) {
        after = start(tx, after, d, own, wanted - there.size(), now);
      }
    }
    return after;
  }

  private StoredService start(
      Tx tx, StoredService s, StoredDeployment d, List<StoredTask> own, int count, Instant now) {
    if (!now.isBefore(Backoff.startFrom(own))) {
      return keeper.start(tx, s, d, count, now);
    }
    if (!Backoff.begins(own, s.events())) {
      return s;
    }
    StoredService after = s.telling(Backoff.IMPAIRED, now);
    events.impaired(tx, after);
    return after;
  }

  /// Drops deployments that have no tasks left and no traffic.
  private static StoredService alive(StoredService s, Shift shift, List<StoredTask> all) {
    return s.withDeployments(
        s.deployments().stream()
            .filter(
                d ->
                    d.isPrimary()
                        || d.id().equals(shift.from())
                        || own(all, d.id()).stream().anyMatch(t -> !t.is("STOPPED")))
            .toList());
  }

  private StoredService complete(Tx tx, StoredService s, Instant now) {
    StoredDeployment done =
        s.primary()
            .orElseThrow()
            .withState(
                "COMPLETED",
                "ECS deployment %s completed.".formatted(s.primary().orElseThrow().id()),
                now);
    StoredService after =
        s.withDeployments(List.of(done))
            .withLastGood(done)
            .telling("(deployment %s) deployment completed.".formatted(done.id()), now)
            .telling("has reached a steady state.", now);
    events.deployment(tx, after, done, "SERVICE_DEPLOYMENT_COMPLETED");
    events.steady(tx, after);
    return after;
  }

  /// Back to the deployment that was good, or to a stop where none was.
  StoredService fail(Tx tx, StoredService s, String why, Instant now) {
    StoredDeployment d = s.primary().orElseThrow();
    String reason = "Service deployment failed: " + why + ".";
    StoredDeployment failed = d.withState("FAILED", reason, now);
    StoredService after =
        s.replacing(failed)
            .telling("(deployment %s) deployment failed: %s.".formatted(d.id(), why), now);
    events.deployment(tx, after, failed, "SERVICE_DEPLOYMENT_FAILED");
    StoredDeployment good = s.lastGood();
    return good == null || d.rollback()
        ? after
        : new Rollbacks(events).back(tx, after, good, reason, now);
  }

  /// When to look again at a deployment that moves traffic.
  static @Nullable Instant due(StoredService s) {
    Shift shift = s.primary().map(StoredDeployment::shift).orElse(null);
    return shift == null ? null : shift.due(s.service().deploymentConfiguration());
  }
}
