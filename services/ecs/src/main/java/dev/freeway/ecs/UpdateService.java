package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Changes a service; what its tasks are made of begins a new deployment.
final class UpdateService implements Handler<UpdateServiceRequest, UpdateServiceResponse> {
  private final Platform platform;
  private final Clusters clusters;
  private final TaskDefinitions definitions;
  private final Services services;
  private final ServiceViews views;
  private final ServiceCheck check;
  private final DeploymentEvents events;
  private final Namespaces namespaces;

  UpdateService(
      Platform platform,
      Clusters clusters,
      TaskDefinitions definitions,
      Services services,
      ServiceViews views,
      ServiceCheck check,
      DeploymentEvents events,
      Namespaces namespaces) {
    this.platform = platform;
    this.clusters = clusters;
    this.definitions = definitions;
    this.services = services;
    this.views = views;
    this.check = check;
    this.events = events;
    this.namespaces = namespaces;
  }

  private record Asked(StoredService service, TaskDefinition definition, Cluster cluster) {}

  @Override
  public UpdateServiceResponse handle(Call call, UpdateServiceRequest in) {
    if (in.desiredCount() != null) {
      check.desired(in.desiredCount());
    }
    check.unsupported(in.volumeConfigurations());
    Asked asked = platform.store().read(tx -> asked(tx, call, in));
    dev.freeway.ecs.api.Service before = asked.service().service();
    boolean moves = in.deploymentConfiguration() != null && asked.service().keepsItself();
    if (in.loadBalancers() != null || moves) {
      check.loadBalancers(
          call.scope(),
          asked.definition(),
          check.configuration(
              in.deploymentConfiguration(),
              before.deploymentConfiguration(),
              asked.service().isDaemon()),
          in.loadBalancers() == null ? before.loadBalancers() : in.loadBalancers());
    }
    if (asked.service().keepsItself()) {
      ServiceCheck.grace(
          in.healthCheckGracePeriodSeconds(),
          in.loadBalancers() == null ? before.loadBalancers() : in.loadBalancers());
    } else {
      ServiceCheck.graceRange(in.healthCheckGracePeriodSeconds());
    }
    check.network(call.scope(), in.networkConfiguration());
    check.registries(call.scope(), asked.definition(), in.serviceRegistries());
    Namespaces.Plan connect =
        in.serviceConnectConfiguration() == null
            ? null
            : namespaces.plan(
                call,
                in.serviceConnectConfiguration(),
                asked.cluster(),
                asked.definition(),
                asked.service().service().serviceArn());
    dev.freeway.ecs.api.Service after =
        platform
            .store()
            .write(
                tx -> {
                  Asked now = asked(tx, call, in);
                  StoredService s = changed(now.service(), call, in);
                  if (needsDeployment(now, in)) {
                    StoredDeployment next =
                        Shifting.begin(
                            s, deployment(s, now.definition(), call, connect), call.at());
                    s = s.rolling(next, call.at());
                    s =
                        s.with(
                            s.service().toBuilder().taskDefinition(next.taskDefinition()).build());
                    events.deployment(tx, s, next, "SERVICE_DEPLOYMENT_IN_PROGRESS");
                  }
                  services.saveAndWake(tx, s);
                  return views.view(tx, s, true);
                });
    return UpdateServiceResponse.builder().service(after).build();
  }

  private Asked asked(dev.freeway.store.ReadTx tx, Call call, UpdateServiceRequest in) {
    Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
    StoredService s =
        services
            .find(tx, call.scope(), cluster.clusterName(), in.service())
            .orElseThrow(() -> EcsErrors.serviceNotFoundException("Service not found."));
    if (!s.status().equals("ACTIVE")) {
      throw EcsErrors.serviceNotActiveException("Service was not ACTIVE.");
    }
    if (!s.keepsItself()) {
      return driven(s, in, cluster);
    }
    TaskDefinition d =
        in.taskDefinition() == null
            ? definitions.require(tx, call.scope(), s.service().taskDefinition()).definition()
            : definitions.usable(tx, call.scope(), in.taskDefinition()).definition();
    if (in.capacityProviderStrategy() != null && !in.capacityProviderStrategy().isEmpty()) {
      Launch.of(cluster, null, in.capacityProviderStrategy());
    }
    Launch launch = new Launch(s.deployments().getFirst().launchType(), List.of());
    launch.platform(in.platformVersion());
    launch.check(
        d,
        in.networkConfiguration() == null
            ? s.service().networkConfiguration()
            : in.networkConfiguration());
    return new Asked(s, d, cluster);
  }

  /// A service that ECS does not roll out: counts and settings only.
  private static Asked driven(StoredService s, UpdateServiceRequest in, Cluster cluster) {
    if (in.taskDefinition() != null
        || in.networkConfiguration() != null
        || in.loadBalancers() != null
        || in.serviceRegistries() != null
        || in.capacityProviderStrategy() != null
        || Boolean.TRUE.equals(in.forceNewDeployment())) {
      String type = s.service().deploymentController().type();
      throw EcsErrors.invalidParameterException(
          type.equals("CODE_DEPLOY")
              ? "Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment."
              : "Unable to update task definition on services with a EXTERNAL deployment controller.");
    }
    return new Asked(s, TaskDefinition.builder().build(), cluster);
  }

  /// Counts and settings of the scheduler change in place; the rest is a new deployment.
  private static boolean needsDeployment(Asked now, UpdateServiceRequest in) {
    dev.freeway.ecs.api.Service s = now.service().service();
    boolean otherDefinition =
        in.taskDefinition() != null
            && !now.definition().taskDefinitionArn().equals(s.taskDefinition());
    boolean otherNetwork =
        in.networkConfiguration() != null
            && !in.networkConfiguration().equals(s.networkConfiguration())
            && !Objects.equals(
                CreateService.normal(in.networkConfiguration()), s.networkConfiguration());
    boolean otherBalancers =
        in.loadBalancers() != null && !in.loadBalancers().equals(s.loadBalancers());
    boolean otherRegistries =
        in.serviceRegistries() != null && !in.serviceRegistries().equals(s.serviceRegistries());
    return Boolean.TRUE.equals(in.forceNewDeployment())
        || otherDefinition
        || otherNetwork
        || otherBalancers
        || otherRegistries
        || in.serviceConnectConfiguration() != null
        || in.capacityProviderStrategy() != null
            && !in.capacityProviderStrategy().equals(s.capacityProviderStrategy());
  }

  private StoredService changed(StoredService stored, Call call, UpdateServiceRequest in) {
    dev.freeway.ecs.api.Service s = stored.service();
    var b = s.toBuilder();
    if (in.desiredCount() != null && stored.isDaemon()) {
      throw EcsErrors.invalidParameterException(
          "The daemon scheduling strategy does not support a desired count for services. Remove a desired count value and try again.");
    }
    if (in.desiredCount() != null) {
      b.desiredCount(in.desiredCount());
    }
    if (in.healthCheckGracePeriodSeconds() != null) {
      b.healthCheckGracePeriodSeconds(in.healthCheckGracePeriodSeconds());
    }
    if (in.platformVersion() != null) {
      b.platformVersion(in.platformVersion());
    }
    if (in.enableExecuteCommand() != null) {
      b.enableExecuteCommand(in.enableExecuteCommand());
    }
    if (in.enableECSManagedTags() != null) {
      b.enableECSManagedTags(in.enableECSManagedTags());
    }
    if (in.propagateTags() != null) {
      b.propagateTags(in.propagateTags());
    }
    if (in.availabilityZoneRebalancing() != null) {
      b.availabilityZoneRebalancing(in.availabilityZoneRebalancing());
    }
    if (in.networkConfiguration() != null) {
      b.networkConfiguration(CreateService.normal(in.networkConfiguration()));
    }
    if (in.loadBalancers() != null) {
      b.loadBalancers(in.loadBalancers());
    }
    if (in.serviceRegistries() != null) {
      b.serviceRegistries(in.serviceRegistries());
    }
    if (in.capacityProviderStrategy() != null) {
      b.capacityProviderStrategy(in.capacityProviderStrategy()).launchType(null);
    }
    b.deploymentConfiguration(
        check.configuration(
            in.deploymentConfiguration(), s.deploymentConfiguration(), stored.isDaemon()));
    if (in.placementConstraints() != null) {
      b.placementConstraints(in.placementConstraints());
    }
    if (in.placementStrategy() != null) {
      b.placementStrategy(in.placementStrategy());
    }
    Placement.of(in.placementConstraints(), in.placementStrategy(), 0, 0);
    return stored.with(b.build());
  }

  /// @param connect null: as it was
  private static StoredDeployment deployment(
      StoredService s, TaskDefinition definition, Call call, Namespaces.@Nullable Plan connect) {
    dev.freeway.ecs.api.Service service = s.service();
    StoredDeployment next =
        StoredDeployment.begun(
            TaskCrud.newDeploymentId(),
            definition.taskDefinitionArn(),
            call.at(),
            s.deployments().getFirst().launchType(),
            service.capacityProviderStrategy(),
            service.networkConfiguration(),
            service.loadBalancers(),
            service.serviceRegistries());
    Namespaces.Plan before =
        s.primary()
            .map(d -> new Namespaces.Plan(d.connect(), d.namespace(), d.discovery()))
            .orElse(Namespaces.Plan.NONE);
    return (connect == null ? before : connect).of(next);
  }
}
