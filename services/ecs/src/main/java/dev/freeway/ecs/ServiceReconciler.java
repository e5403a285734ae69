package dev.freeway.ecs;

import dev.freeway.ecs.api.DeploymentCircuitBreaker;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Brings a service's tasks to what its deployments ask for.
final class ServiceReconciler implements Reconciler {
  /// Targets' changes of health are events; these are for what none tells of.
  private static final Duration ROLLING_POLL = Duration.ofSeconds(1);

  private static final Duration BALANCED_POLL = Duration.ofSeconds(30);
  private static final Duration STEADY_POLL = Duration.ofSeconds(5);

  private final Platform platform;
  private final Services services;
  private final Tasks tasks;
  private final ServiceViews views;
  private final ServiceHealth health;
  private final ServiceTasks serviceTasks;
  private final DeploymentEvents events;
  private final Instances instances;
  private final TaskSets taskSets;
  private final CloudMap map;
  private final Shifting shifting;
  private final LambdaHooks hooks;
  private final DeploymentAlarms alarms;

  ServiceReconciler(
      Platform platform,
      Services services,
      Tasks tasks,
      ServiceViews views,
      ServiceHealth health,
      ServiceTasks serviceTasks,
      DeploymentEvents events,
      Instances instances,
      TaskSets taskSets,
      CloudMap map,
      Shifting shifting,
      LambdaHooks hooks) {
    this.platform = platform;
    this.services = services;
    this.tasks = tasks;
    this.views = views;
    this.health = health;
    this.serviceTasks = serviceTasks;
    this.events = events;
    this.instances = instances;
    this.taskSets = taskSets;
    this.map = map;
    this.shifting = shifting;
    this.hooks = hooks;
    this.alarms = new DeploymentAlarms(platform);
  }

  @Override
  public String kind() {
    return Services.KIND;
  }

  private record Seen(StoredService service, List<StoredTask> tasks) {}

  @Override
  public Outcome reconcile(String key) {
    Instant now = platform.clock().instant();
    Seen seen =
        platform
            .store()
            .read(
                tx ->
                    services
                        .find(tx, key)
                        .map(s -> new Seen(s, views.tasksOf(tx, s)))
                        .orElse(null));
    if (seen == null || seen.service().status().equals("INACTIVE")) {
      return Outcome.done();
    }
    StoredService service = seen.service();
    if (service.status().equals("DRAINING")
        && service.deployments().stream().anyMatch(d -> d.connect() != null)
        && seen.tasks().stream().allMatch(t -> t.is("STOPPED"))) {
      map.forget(service.scope(), service.service().serviceArn());
    }
    // The load balancer is asked outside the transaction; the rest looks at the state in it.
    Map<String, ServiceHealth.Verdict> verdicts = new HashMap<>();
    Integer grace = seen.service().service().healthCheckGracePeriodSeconds();
    for (StoredTask t : seen.tasks()) {
      if (t.isWanted()) {
        verdicts.put(t.id(), health.of(t, grace == null ? 0 : grace, now));
      }
    }
    Shifting.Placed placed = Shifting.shifts(service) ? shifting.place(service).orElse(null) : null;
    DeploymentAlarms.Seen watched = alarms.look(service).orElse(null);
    Map<String, LambdaHooks.Answer> told =
        Shifting.shifts(service) ? hooks.look(service, now) : Map.of();
    return platform.store().write(tx -> advance(tx, key, verdicts, placed, told, watched, now));
  }

  private Outcome advance(
      Tx tx,
      String key,
      Map<String, ServiceHealth.Verdict> verdicts,
      Shifting.@Nullable Placed placed,
      Map<String, LambdaHooks.Answer> told,
      DeploymentAlarms.@Nullable Seen watched,
      Instant now) {
    StoredService s = services.find(tx, key).orElse(null);
    if (s == null || s.status().equals("INACTIVE")) {
      return Outcome.done();
    }
    List<StoredTask> all = views.tasksOf(tx, s);
    StoredService before = s;
    if (!s.keepsItself()) {
      return advanceSets(tx, s, all, verdicts, now);
    }
    Set<String> hosts = hosts(tx, s);
    if (s.isDaemon() && s.status().equals("ACTIVE") && s.desired() != hosts.size()) {
      s = s.with(s.service().toBuilder().desiredCount(hosts.size()).build());
    }
    s = stopFailing(tx, s, all, verdicts, now);
    all = views.tasksOf(tx, s);
    s = breakCircuit(tx, s, all, now);
    s = stopOnAlarm(tx, s, watched, now);
    if (!s.primary().map(StoredDeployment::id).equals(before.primary().map(StoredDeployment::id))) {
      // Written down as rolling back before it may turn out to be there already.
      services.save(tx, s);
      return Outcome.retryAfter(Duration.ZERO);
    }
    if (Shifting.shifts(s)) {
      s = shifting.advance(tx, s, all, verdicts, placed, told, now);
      if (!s.equals(before)) {
        services.save(tx, s);
        // What has changed may have a next step at once.
        return Outcome.retryAfter(Duration.ZERO);
      }
      return nextOfShift(s, views.tasksOf(tx, s), verdicts, now);
    }
    StoredDeployment primary = s.primary().orElseThrow();
    List<Rollout.Member> members = members(all, primary, verdicts, hosts, now);
    Rollout rollout = Rollout.of(s);
    Instant startFrom = Backoff.startFrom(own(all, primary.id()));
    boolean failed = primary.is("FAILED");
    boolean early = now.isBefore(startFrom);
    Rollout.Step step = rollout.next(members, !failed && !early, !failed);
    if (early && Backoff.begins(own(all, primary.id()), s.events())) {
      s = s.telling(Backoff.IMPAIRED, now);
      events.impaired(tx, s);
    }
    s = serviceTasks.stop(tx, s, step.stop(), now);
    s = serviceTasks.start(tx, s, primary, step.start(), now);
    s = settle(tx, s, members, step, watched, now);
    if (!s.equals(before)) {
      services.save(tx, s);
    }
    Outcome next = next(s, members, step, verdicts, early ? startFrom : null, now);
    boolean alarmed = watched != null && s.primary().orElseThrow().is("IN_PROGRESS");
    return alarmed && next instanceof Outcome.Done ? Outcome.retryAfter(STEADY_POLL) : next;
  }

  private Outcome advanceSets(
      Tx tx,
      StoredService s,
      List<StoredTask> all,
      Map<String, ServiceHealth.Verdict> verdicts,
      Instant now) {
    StoredService after = stopFailing(tx, s, all, verdicts, now);
    after = taskSets.advance(tx, after, serviceTasks, verdicts, now);
    if (after.status().equals("DRAINING")) {
      after = drained(after, views.tasksOf(tx, after), now);
      if (after.status().equals("INACTIVE")) {
        StoredService gone = after;
        taskSets.all(tx, gone).forEach(set -> taskSets.delete(tx, gone, set));
      }
    }
    if (!after.equals(s)) {
      services.save(tx, after);
    }
    return after.status().equals("INACTIVE") ? Outcome.done() : Outcome.retryAfter(STEADY_POLL);
  }

  /// ARNs of the container instances that may have tasks of the service.
  private Set<String> hosts(Tx tx, StoredService s) {
    if (!s.isDaemon() && s.deployments().stream().allMatch(d -> d.launchType().equals("FARGATE"))) {
      return Set.of();
    }
    return instances.hosts(tx, s.scope(), s.cluster(), "").stream()
        .filter(
            h ->
                !s.isDaemon()
                    || s.service().placementConstraints().stream()
                        .filter(c -> c.type().equals("memberOf"))
                        .allMatch(c -> ClusterQuery.matches(c.expression(), h.subject())))
        .map(Placement.Host::arn)
        .collect(Collectors.toSet());
  }

  /// What runs on an instance that is drained is replaced elsewhere.
  private static boolean stays(StoredTask t, Set<String> hosts) {
    String on = t.task().containerInstanceArn();
    return on == null || hosts.contains(on);
  }

  private static List<StoredTask> own(List<StoredTask> all, String deployment) {
    return all.stream().filter(t -> deployment.equals(t.deployment())).toList();
  }

  private static List<Rollout.Member> members(
      List<StoredTask> all,
      StoredDeployment primary,
      Map<String, ServiceHealth.Verdict> verdicts,
      Set<String> hosts,
      Instant now) {
    return all.stream()
        .filter(StoredTask::isWanted)
        .map(
            t ->
                new Rollout.Member(
                    t,
                    primary.id().equals(t.deployment()) && stays(t, hosts),
                    verdicts.containsKey(t.id()) && verdicts.get(t.id()).healthy(),
                    t.isProtected(now)))
        .toList();
  }

  private StoredService stopFailing(
      Tx tx,
      StoredService s,
      List<StoredTask> all,
      Map<String, ServiceHealth.Verdict> verdicts,
      Instant now) {
    StoredService after = s;
    for (StoredTask t : all) {
      ServiceHealth.Verdict v = verdicts.get(t.id());
      if (v != null && v.failure().isPresent() && t.isWanted()) {
        String reason = v.failure().get();
        tasks.change(tx, t.key(), x -> x.stopped("ServiceSchedulerInitiated", reason, now));
        after =
            after.telling(
                "(task %s) failed %s.".formatted(t.id(), reason.substring("Task failed ".length())),
                now);
      }
    }
    return after;
  }

  private StoredService breakCircuit(Tx tx, StoredService s, List<StoredTask> all, Instant now) {
    DeploymentCircuitBreaker breaker =
        s.service().deploymentConfiguration().deploymentCircuitBreaker();
    StoredDeployment primary = s.primary().orElseThrow();
    boolean enabled = breaker != null && Boolean.TRUE.equals(breaker.enable());
    // What failed before the deployment began, or before it was rolled back to, does not count.
    int failures =
        Rollout.failures(
            own(all, primary.id()).stream()
                .filter(t -> !primary.updatedAt().isAfter(t.task().createdAt()))
                .toList());
    boolean returning = primary.shift() != null && primary.shift().back();
    if (!enabled
        || returning
        || !primary.is("IN_PROGRESS")
        || failures < Rollout.of(s).threshold()) {
      return s;
    }
    return fail(
        tx,
        s,
        "ECS deployment circuit breaker",
        "tasks failed to start.",
        Boolean.TRUE.equals(breaker.rollback()),
        now);
  }

  private StoredService stopOnAlarm(
      Tx tx, StoredService s, DeploymentAlarms.@Nullable Seen watched, Instant now) {
    StoredDeployment primary = s.primary().orElseThrow();
    boolean returning = primary.shift() != null && primary.shift().back();
    if (watched == null || watched.ringing().isEmpty() || returning || !primary.is("IN_PROGRESS")) {
      return s;
    }
    String what = "alarm detected: " + String.join(", ", watched.ringing()) + ".";
    return fail(tx, s, "ECS deployment alarms", what, DeploymentAlarms.rollsBack(s), now);
  }

  /// The primary deployment has failed: it goes no further, and back if that is asked for.
  private StoredService fail(
      Tx tx, StoredService s, String who, String what, boolean rollBack, Instant now) {
    StoredDeployment primary = s.primary().orElseThrow();
    StoredDeployment failed = primary.withState("FAILED", who + ": " + what, now);
    StoredService after =
        s.replacing(failed)
            .telling("(deployment %s) deployment failed: %s".formatted(primary.id(), what), now);
    events.deployment(tx, after, failed, "SERVICE_DEPLOYMENT_FAILED");
    StoredDeployment good = s.lastGood();
    if (!rollBack || good == null || primary.rollback()) {
      return after;
    }
    String why = "%s: rolling back to deploymentId %s.".formatted(who, good.id());
    return new Rollbacks(events).back(tx, after, good, why, now);
  }

  /// Drops deployments that have no tasks left, and completes the primary one when it is all there.
  private StoredService settle(
      Tx tx,
      StoredService s,
      List<Rollout.Member> members,
      Rollout.Step step,
      DeploymentAlarms.@Nullable Seen watched,
      Instant now) {
    List<StoredTask> all = views.tasksOf(tx, s);
    StoredDeployment primary = s.primary().orElseThrow();
    Predicate<StoredDeployment> alive =
        d ->
            d.isPrimary()
                || own(all, d.id()).stream().anyMatch(t -> t.isPending() || t.is("RUNNING"));
    StoredService after = s.withDeployments(s.deployments().stream().filter(alive).toList());
    if (s.status().equals("DRAINING")) {
      return drained(after, all, now);
    }
    long healthy = members.stream().filter(m -> m.current() && m.healthy()).count();
    boolean calm = step.start() == 0 && step.stop().isEmpty();
    boolean there =
        healthy == s.desired()
            && calm
            && after.deployments().size() == 1
            && members.stream().allMatch(Rollout.Member::current)
            && baked(members, watched, now);
    if (!there || !primary.is("IN_PROGRESS")) {
      return after;
    }
    StoredDeployment done =
        primary.withState("COMPLETED", "ECS deployment %s completed.".formatted(primary.id()), now);
    after =
        after
            .replacing(done)
            .withLastGood(done)
            .telling("(deployment %s) deployment completed.".formatted(done.id()), now)
            .telling("has reached a steady state.", now);
    events.deployment(tx, after, done, "SERVICE_DEPLOYMENT_COMPLETED");
    events.steady(tx, after);
    return after;
  }

  /// Alarms need time to see what the new tasks do.
  private static boolean baked(
      List<Rollout.Member> members, DeploymentAlarms.@Nullable Seen watched, Instant now) {
    return watched == null
        || members.stream()
            .map(m -> m.task().task().startedAt())
            .allMatch(at -> at != null && !now.isBefore(at.plus(watched.bake())));
  }

  private static StoredService drained(StoredService s, List<StoredTask> all, Instant now) {
    boolean gone = all.stream().allMatch(t -> t.is("STOPPED"));
    return gone
        ? s.with(s.service().toBuilder().status("INACTIVE").build()).withDeployments(List.of())
        : s;
  }

  /// A deployment that moves traffic is looked at while its tasks become healthy, when its time has
  /// come, and now and then like any service with a load balancer.
  private static Outcome nextOfShift(
      StoredService s,
      List<StoredTask> tasks,
      Map<String, ServiceHealth.Verdict> verdicts,
      Instant now) {
    Shift shift = s.primary().map(StoredDeployment::shift).orElse(null);
    if (shift == null || shift.placedAt() == null) {
      return Outcome.retryAfter(Duration.ZERO);
    }
    boolean waiting =
        tasks.stream()
            .filter(t -> t.isWanted() && t.is("RUNNING"))
            .anyMatch(t -> !verdicts.containsKey(t.id()) || !verdicts.get(t.id()).healthy());
    Duration pause = waiting ? ROLLING_POLL : STEADY_POLL;
    Instant due = Shifting.due(s);
    if (due != null && Duration.between(now, due).compareTo(pause) < 0) {
      pause = Duration.between(now, due);
    }
    return Outcome.retryAfter(pause.isNegative() ? Duration.ZERO : pause);
  }

  private static Outcome next(
      StoredService s,
      List<Rollout.Member> members,
      Rollout.Step step,
      Map<String, ServiceHealth.Verdict> verdicts,
      @Nullable Instant startFrom,
      Instant now) {
    if (s.status().equals("INACTIVE")) {
      return Outcome.done();
    }
    boolean balanced = members.stream().anyMatch(m -> !m.task().loadBalancers().isEmpty());
    boolean waiting =
        members.stream().anyMatch(m -> !m.healthy() && m.task().is("RUNNING")) && balanced;
    Instant due = startFrom;
    for (Rollout.Member m : members) {
      Instant free = m.kept() ? m.task().protectedUntil() : null;
      if (free != null && (due == null || free.isBefore(due))) {
        due = free;
      }
    }
    for (ServiceHealth.Verdict v : verdicts.values()) {
      if (v.settlesAt() != null && (due == null || v.settlesAt().isBefore(due))) {
        due = v.settlesAt();
      }
    }
    boolean starved = members.size() < s.desired() && startFrom == null;
    Duration pause =
        waiting ? ROLLING_POLL : starved ? STEADY_POLL : balanced ? BALANCED_POLL : null;
    if (due != null) {
      Duration until = Duration.between(now, due);
      pause = pause == null || until.compareTo(pause) < 0 ? until : pause;
    }
    return pause == null ? Outcome.done() : Outcome.retryAfter(pause);
  }
}
