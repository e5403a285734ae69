package dev.freeway.ecs;

import dev.freeway.ecs.api.Deployment;
import dev.freeway.ecs.api.Service;
import dev.freeway.store.ReadTx;
import java.util.ArrayList;
import java.util.List;

/// A service as DescribeServices answers it, with what is counted.
final class ServiceViews {
  private final Tasks tasks;

  ServiceViews(Tasks tasks) {
    this.tasks = tasks;
  }

  List<StoredTask> tasksOf(ReadTx tx, StoredService s) {
    return tasks.all(tx, s.scope(), s.cluster()).stream()
        .filter(t -> s.name().equals(t.service()))
        .filter(
            t ->
                s.deployments().stream().anyMatch(d -> d.id().equals(t.deployment()))
                    || !t.is("STOPPED"))
        .toList();
  }

  Service view(ReadTx tx, StoredService s, boolean tags) {
    List<StoredTask> all = tasksOf(tx, s);
    List<Deployment> deployments = new ArrayList<>();
    for (StoredDeployment d : s.deployments()) {
      List<StoredTask> own = all.stream().filter(t -> d.id().equals(t.deployment())).toList();
      deployments.add(
          Deployment.builder()
              .id(d.id())
              .status(d.status())
              .taskDefinition(d.taskDefinition())
              .desiredCount(d.isPrimary() ? s.desired() : 0)
              .pendingCount(pending(own))
              .runningCount(running(own))
              .failedTasks(Rollout.failures(own))
              .createdAt(d.createdAt())
              .updatedAt(d.updatedAt())
              .launchType(d.strategy().isEmpty() ? d.launchType() : null)
              .capacityProviderStrategy(d.strategy().isEmpty() ? null : d.strategy())
              .platformVersion(Launch.PLATFORM)
              .platformFamily("Linux")
              .networkConfiguration(d.network())
              .rolloutState(d.state())
              .rolloutStateReason(d.reason())
              .build());
    }
    return s.service().toBuilder()
        .desiredCount(s.service().desiredCount())
        .runningCount(running(all))
        .pendingCount(pending(all))
        .deployments(deployments)
        .events(s.events())
        .tags(tags ? s.service().tags() : null)
        .build();
  }

  private static int running(List<StoredTask> tasks) {
    return (int) tasks.stream().filter(t -> t.is("RUNNING")).count();
  }

  private static int pending(List<StoredTask> tasks) {
    return (int) tasks.stream().filter(StoredTask::isPending).filter(StoredTask::isWanted).count();
  }
}
