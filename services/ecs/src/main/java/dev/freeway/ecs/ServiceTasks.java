package dev.freeway.ecs;

import dev.freeway.ecs.api.Cluster;
import dev.freeway.ecs.api.LoadBalancer;
import dev.freeway.ecs.api.PlacementConstraint;
import dev.freeway.ecs.api.Tag;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Starts and stops tasks for a service, and says so in its events.
final class ServiceTasks {
  private final Clusters clusters;
  private final TaskDefinitions definitions;
  private final Tasks tasks;
  private final Instances instances;
  private final Namespaces namespaces;

  ServiceTasks(
      Clusters clusters,
      TaskDefinitions definitions,
      Tasks tasks,
      Instances instances,
      Namespaces namespaces) {
    this.clusters = clusters;
    this.definitions = definitions;
    this.tasks = tasks;
    this.instances = instances;
    this.namespaces = namespaces;
  }

  StoredService start(Tx tx, StoredService s, StoredDeployment deployment, int count, Instant now) {
    if (count == 0) {
      return s;
    }
    Cluster cluster = clusters.find(tx, s.scope(), s.cluster()).orElseThrow();
    TaskDefinitions.Stored definition =
        definitions.find(tx, s.scope(), deployment.taskDefinition()).orElse(null);
    if (definition == null) {
      return s.telling(
          "was unable to place a task because the task definition %s was deleted."
              .formatted(deployment.taskDefinition()),
          now);
    }
    List<Tag> tags = new ArrayList<>();
    String propagate = s.service().propagateTags();
    if ("SERVICE".equals(propagate) && s.service().tags() != null) {
      tags.addAll(s.service().tags());
    } else if ("TASK_DEFINITION".equals(propagate)) {
      tags.addAll(definition.tags());
    }
    if (Boolean.TRUE.equals(s.service().enableECSManagedTags())) {
      tags.add(new Tag("aws:ecs:clusterName", s.cluster()));
      tags.add(new Tag("aws:ecs:serviceName", s.name()));
    }
    NewTask plan =
        new NewTask(
            s.scope(),
            cluster,
            definition.definition(),
            deployment.launchType(),
            Launch.PLATFORM,
            deployment.network(),
            null,
            "service:" + s.name(),
            deployment.id(),
            tags,
            Boolean.TRUE.equals(s.service().enableExecuteCommand()),
            s.name(),
            deployment.id(),
            deployment.loadBalancers(),
            null,
            null,
            null);
    Map<String, Integer> perProvider = perProvider(tx, s, deployment);
    List<String> ids = new ArrayList<>();
    boolean fargate = deployment.launchType().equals("FARGATE");
    StoredService after = s;
    for (int i = 0; i < count; i++) {
      String provider = ProviderChoice.next(deployment.strategy(), perProvider);
      NewTask placed = plan.by(provider);
      if (!fargate) {
        Placement.Choice choice = place(tx, s, plan);
        if (choice.host().isEmpty()) {
          after = unplaced(after, choice.reason(), now);
          break;
        }
        placed = placed.on(choice.host().get().arn(), choice.host().get().zone());
      }
      StoredTask t =
          placed
              .make(now)
              .withAliases(namespaces.aliases(tx, s.scope(), deployment))
              .withRegistries(Namespaces.registries(deployment, definition.definition()));
      tasks.add(tx, t);
      if (provider != null) {
        perProvider.merge(provider, 1, Integer::sum);
      }
      ids.add("(task " + t.id() + ")");
    }
    return ids.isEmpty()
        ? after
        : after.telling(
            "has started %d tasks: %s.".formatted(ids.size(), String.join(" ", ids)), now);
  }

  private Map<String, Integer> perProvider(Tx tx, StoredService s, StoredDeployment d) {
    Map<String, Integer> all = new HashMap<>();
    if (d.strategy().size() > 1) {
      tasks.all(tx, s.scope(), s.cluster()).stream()
          .filter(t -> t.isWanted() && d.id().equals(t.deployment()))
          .map(t -> t.task().capacityProviderName())
          .filter(Objects::nonNull)
          .forEach(p -> all.merge(p, 1, Integer::sum));
    }
    return all;
  }

  private Placement.Choice place(Tx tx, StoredService s, NewTask plan) {
    List<PlacementConstraint> constraints = new ArrayList<>(s.service().placementConstraints());
    if (s.isDaemon()) {
      constraints.add(PlacementConstraint.builder().type("distinctInstance").build());
    }
    return Placement.of(
            constraints,
            s.service().placementStrategy(),
            Instances.cpu(plan.definition()),
            Instances.memory(plan.definition()))
        .choose(instances.hosts(tx, s.scope(), s.cluster(), plan.group()));
  }

  /// Said once, not each time it is tried.
  private static StoredService unplaced(StoredService s, String reason, Instant now) {
    String why = reason.endsWith(".") ? reason : reason + ".";
    String text =
        "was unable to place a task because no container instance met all of its requirements. Reason: %s For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."
            .formatted(why);
    boolean said = !s.events().isEmpty() && s.events().getFirst().message().endsWith(") " + text);
    return said ? s : s.telling(text, now);
  }

  StoredService stop(Tx tx, StoredService s, List<StoredTask> stop, Instant now) {
    return stop(tx, s, s.primary().map(StoredDeployment::id).orElse(""), stop, now);
  }

  /// @param cause the deployment or task set on whose account they go
  StoredService stop(Tx tx, StoredService s, String cause, List<StoredTask> stop, Instant now) {
    if (stop.isEmpty()) {
      return s;
    }
    StoredService after = s;
    List<String> ids = new ArrayList<>();
    for (StoredTask t : stop) {
      String reason =
          "Scaling activity initiated by (%s %s)"
              .formatted(s.keepsItself() ? "deployment" : "task-set", cause);
      tasks.change(tx, t.key(), x -> x.stopped("ServiceSchedulerInitiated", reason, now));
      ids.add("(task " + t.id() + ")");
    }
    List<String> groups =
        stop.stream()
            .filter(StoredTask::registered)
            .flatMap(t -> t.loadBalancers().stream())
            .map(LoadBalancer::targetGroupArn)
            .distinct()
            .toList();
    for (String group : groups) {
      after =
          after.telling(
              "deregistered %d targets in (target-group %s)".formatted(stop.size(), group), now);
    }
    if (!groups.isEmpty()) {
      after =
          after.telling("has begun draining connections on %d tasks.".formatted(stop.size()), now);
    }
    return after.telling(
        "has stopped %d running tasks: %s.".formatted(stop.size(), String.join(" ", ids)), now);
  }
}
