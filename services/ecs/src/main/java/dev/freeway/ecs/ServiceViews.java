package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import java.util.ArrayList;
import java.util.List;

/// A service as DescribeServices answers it, with what is counted.
final class ServiceViews {
  /// @param desired tasks of a deployment there are to be
  record Count(int desired, int running, int pending) {}

  private final Tasks tasks;
  private final ServiceDeployments serviceDeployments;
  private final TaskSets taskSets;

  ServiceViews(Tasks tasks, ServiceDeployments serviceDeployments, TaskSets taskSets) {
    this.tasks = tasks;
    this.serviceDeployments = serviceDeployments;
    this.taskSets = taskSets;
  }

  Count count(ReadTx tx, StoredService s, String deployment) {
    List<StoredTask> own = own(tx, s, deployment);
    return new Count(s.wanted(deployment), running(own), pending(own));
  }

  int failures(ReadTx tx, StoredService s, String deployment) {
    return Rollout.failures(own(tx, s, deployment));
  }

  private List<StoredTask> own(ReadTx tx, StoredService s, String deployment) {
    return tasks.all(tx, s.scope(), s.cluster()).stream()
        .filter(t -> s.name().equals(t.service()) && deployment.equals(t.deployment()))
        .toList();
  }

  /// With the images that its tasks run, by digest.
  ServiceRevision withImages(ReadTx tx, Scope scope, String cluster, ServiceRevision r) {
    String deployment =
        "ecs-svc/" + r.serviceRevisionArn().substring(r.serviceRevisionArn().lastIndexOf('/') + 1);
    List<ContainerImage> images =
        tasks.all(tx, scope, cluster).stream()
            .filter(t -> deployment.equals(t.deployment()))
            .flatMap(t -> t.task().containers().stream())
            .filter(c -> c.imageDigest() != null)
            .map(c -> new ContainerImage(c.name(), c.imageDigest(), c.image()))
            .distinct()
            .toList();
    List<ContainerImage> all =
        new ArrayList<>(r.containerImages() == null ? List.of() : r.containerImages());
    images.stream()
        .filter(i -> all.stream().noneMatch(x -> x.containerName().equals(i.containerName())))
        .forEach(all::add);
    return r.toBuilder().containerImages(all).build();
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

  dev.freeway.ecs.api.Service view(ReadTx tx, StoredService s, boolean tags) {
    List<StoredTask> all = tasksOf(tx, s);
    List<Deployment> deployments = new ArrayList<>();
    for (StoredDeployment d : s.deployments()) {
      List<StoredTask> own = all.stream().filter(t -> d.id().equals(t.deployment())).toList();
      deployments.add(
          Deployment.builder()
              .id(d.id())
              .status(d.status())
              .taskDefinition(d.taskDefinition())
              .desiredCount(s.wanted(d.id()))
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
              .serviceConnectConfiguration(d.connect())
              .serviceConnectResources(
                  d.connect() == null || d.connect().services() == null
                      ? null
                      : d.connect().services().stream()
                          .map(
                              e ->
                                  ServiceConnectServiceResource.builder()
                                      .discoveryName(Namespaces.discovery(e))
                                      .discoveryArn(d.discovery().get(Namespaces.discovery(e)))
                                      .build())
                          .toList())
              .rolloutState(d.state())
              .rolloutStateReason(d.reason())
              .build());
    }
    return s.service().toBuilder()
        .desiredCount(s.service().desiredCount())
        .runningCount(running(all))
        .pendingCount(pending(all))
        .deployments(deployments)
        .taskSets(
            s.keepsItself()
                ? null
                : taskSets.all(tx, s).stream().map(set -> taskSets.view(tx, s, set)).toList())
        .currentServiceDeployment(
            serviceDeployments.all(tx, s.scope(), s.cluster(), s.name()).stream()
                .findFirst()
                .map(d -> ServiceDeployments.arn(s.scope(), d))
                .orElse(null))
        .currentServiceRevisions(
            s.deployments().stream()
                .map(
                    d -> {
                      Count c = count(tx, s, d.id());
                      return ServiceCurrentRevisionSummary.builder()
                          .arn(
                              ServiceDeployments.revisionArn(
                                  s.scope(), s.cluster(), s.name(), d.id()))
                          .requestedTaskCount(c.desired())
                          .runningTaskCount(c.running())
                          .pendingTaskCount(c.pending())
                          .build();
                    })
                .toList())
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
