package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Platform;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a service and its first deployment.
final class CreateService implements Handler<CreateServiceRequest, CreateServiceResponse> {
  private final Platform platform;
  private final Clusters clusters;
  private final TaskDefinitions definitions;
  private final Services services;
  private final ServiceViews views;
  private final ServiceCheck check;
  private final ClientTokens tokens;
  private final TaskSets sets;
  private final Namespaces namespaces;

  CreateService(
      Platform platform,
      Clusters clusters,
      TaskDefinitions definitions,
      Services services,
      ServiceViews views,
      ServiceCheck check,
      ClientTokens tokens,
      TaskSets sets,
      Namespaces namespaces) {
    this.platform = platform;
    this.clusters = clusters;
    this.definitions = definitions;
    this.services = services;
    this.views = views;
    this.check = check;
    this.tokens = tokens;
    this.sets = sets;
    this.namespaces = namespaces;
  }

  @Override
  public CreateServiceResponse handle(Call call, CreateServiceRequest in) {
    if (!in.serviceName().matches("[a-zA-Z0-9_-]{1,255}")) {
      throw EcsErrors.invalidParameterException("Invalid identifier: '" + in.serviceName() + "'");
    }
    String controller =
        in.deploymentController() == null ? "ECS" : in.deploymentController().type();
    if (controller.equals("EXTERNAL")) {
      return CreateServiceResponse.builder().service(external(call, in)).build();
    }
    if (in.taskDefinition() == null) {
      throw EcsErrors.invalidParameterException("TaskDefinition can not be blank.");
    }
    boolean daemon = "DAEMON".equals(in.schedulingStrategy());
    if (daemon && in.desiredCount() != null) {
      throw EcsErrors.invalidParameterException(
          "The daemon scheduling strategy does not support a desired count for services. Remove a desired count value and try again.");
    }
    if (!daemon && in.desiredCount() == null) {
      throw EcsErrors.invalidParameterException("desiredCount cannot be null");
    }
    check.desired(daemon ? 0 : in.desiredCount());
    check.unsupported(in.volumeConfigurations());
    ServiceCheck.grace(in.healthCheckGracePeriodSeconds(), in.loadBalancers());
    // Asked outside the transaction: nothing in it may wait.
    Cluster where = platform.store().read(tx -> clusters.require(tx, call.scope(), in.cluster()));
    TaskDefinition named =
        platform
            .store()
            .read(tx -> definitions.usable(tx, call.scope(), in.taskDefinition()))
            .definition();
    check.loadBalancers(
        call.scope(),
        named,
        check.configuration(in.deploymentConfiguration(), null, daemon),
        in.loadBalancers());
    check.network(call.scope(), in.networkConfiguration());
    check.registries(call.scope(), named, in.serviceRegistries());
    Namespaces.Plan connect =
        namespaces.plan(
            call,
            in.serviceConnectConfiguration(),
            where,
            named,
            arn(call, where, in.serviceName()));
    dev.freeway.ecs.api.Service made =
        platform
            .store()
            .write(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  StoredService before =
                      services
                          .find(tx, call.scope(), cluster.clusterName(), in.serviceName())
                          .orElse(null);
                  if (before != null && !before.status().equals("INACTIVE")) {
                    boolean repeated =
                        tokens
                            .claimed(tx, call.scope(), "CreateService", in.clientToken())
                            .contains(before.service().serviceArn());
                    if (repeated) {
                      return views.view(tx, before, true);
                    }
                    throw EcsErrors.invalidParameterException(
                        before.status().equals("DRAINING")
                            ? "Unable to Start a service that is still Draining."
                            : "Creation of service was not idempotent.");
                  }
                  StoredService s = make(call, in, cluster, named, connect);
                  if (controller.equals("ECS")) {
                    StoredDeployment first = s.deployments().getFirst();
                    s = s.replacing(Shifting.begin(s.withDeployments(List.of()), first, call.at()));
                  }
                  if (controller.equals("CODE_DEPLOY")) {
                    sets.save(tx, s, TaskSetCrud.first(call, s, named, s.deployments().getFirst()));
                    s = s.withDeployments(List.of());
                  }
                  services.saveAndWake(tx, s);
                  tokens.claim(
                      tx,
                      call.scope(),
                      "CreateService",
                      in.clientToken(),
                      List.of(s.service().serviceArn()),
                      call.at());
                  return views.view(tx, s, true);
                });
    return CreateServiceResponse.builder().service(made).build();
  }

  /// Without tasks until task sets are made.
  private dev.freeway.ecs.api.Service external(Call call, CreateServiceRequest in) {
    if (in.taskDefinition() != null || in.launchType() != null || in.loadBalancers() != null) {
      throw EcsErrors.invalidParameterException(
          "taskDefinition, launchType and loadBalancers are given for each task set when the deployment controller is EXTERNAL.");
    }
    check.desired(in.desiredCount() == null ? 0 : in.desiredCount());
    // Which load balancers there are each task set says.
    ServiceCheck.graceRange(in.healthCheckGracePeriodSeconds());
    return platform
        .store()
        .write(
            tx -> {
              Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
              boolean there =
                  services
                      .find(tx, call.scope(), cluster.clusterName(), in.serviceName())
                      .filter(s -> !s.status().equals("INACTIVE"))
                      .isPresent();
              if (there) {
                throw EcsErrors.invalidParameterException(
                    "Creation of service was not idempotent.");
              }
              dev.freeway.ecs.api.Service s =
                  dev.freeway.ecs.api.Service.builder()
                      .serviceArn(arn(call, cluster, in.serviceName()))
                      .serviceName(in.serviceName())
                      .clusterArn(cluster.clusterArn())
                      .status("ACTIVE")
                      .desiredCount(in.desiredCount() == null ? 0 : in.desiredCount())
                      .loadBalancers(List.of())
                      .serviceRegistries(List.of())
                      .deploymentConfiguration(
                          check.configuration(in.deploymentConfiguration(), null, false))
                      .healthCheckGracePeriodSeconds(in.healthCheckGracePeriodSeconds())
                      .createdAt(call.at())
                      .placementConstraints(List.of())
                      .placementStrategy(List.of())
                      .schedulingStrategy("REPLICA")
                      .deploymentController(DeploymentController.builder().type("EXTERNAL").build())
                      .tags(EcsTags.given(in.tags()))
                      .createdBy(call.principal().arn())
                      .enableECSManagedTags(Boolean.TRUE.equals(in.enableECSManagedTags()))
                      .propagateTags(in.propagateTags() == null ? "NONE" : in.propagateTags())
                      .enableExecuteCommand(Boolean.TRUE.equals(in.enableExecuteCommand()))
                      .build();
              StoredService stored =
                  new StoredService(
                      call.account(),
                      call.region(),
                      cluster.clusterName(),
                      in.serviceName(),
                      s,
                      List.of(),
                      List.of(),
                      null);
              services.saveAndWake(tx, stored);
              return views.view(tx, stored, true);
            });
  }

  private StoredService make(
      Call call,
      CreateServiceRequest in,
      Cluster cluster,
      TaskDefinition definition,
      Namespaces.Plan connect) {
    Launch launch = Launch.of(cluster, in.launchType(), in.capacityProviderStrategy());
    launch.check(definition, in.networkConfiguration());
    launch.platform(in.platformVersion());
    check.strategy(in.schedulingStrategy(), launch);
    launch.placement(in.placementConstraints(), in.placementStrategy());
    boolean daemon = "DAEMON".equals(in.schedulingStrategy());
    if (daemon && in.placementStrategy() != null && !in.placementStrategy().isEmpty()) {
      throw EcsErrors.invalidParameterException(
          "Placement strategies are not supported for services that use the DAEMON scheduling strategy.");
    }
    // Refuses what is not understood.
    Placement.of(in.placementConstraints(), in.placementStrategy(), 0, 0);
    NetworkConfiguration network = normal(in.networkConfiguration());
    List<LoadBalancer> balancers = in.loadBalancers() == null ? List.of() : in.loadBalancers();
    List<ServiceRegistry> registries =
        in.serviceRegistries() == null ? List.of() : in.serviceRegistries();
    StoredDeployment deployment =
        connect.of(
            StoredDeployment.begun(
                TaskCrud.newDeploymentId(),
                definition.taskDefinitionArn(),
                call.at(),
                launch.type(),
                launch.strategy(),
                network,
                balancers,
                registries));
    dev.freeway.ecs.api.Service s =
        dev.freeway.ecs.api.Service.builder()
            .serviceArn(arn(call, cluster, in.serviceName()))
            .serviceName(in.serviceName())
            .clusterArn(cluster.clusterArn())
            .loadBalancers(balancers)
            .serviceRegistries(registries)
            .status("ACTIVE")
            .desiredCount(daemon ? Integer.valueOf(0) : in.desiredCount())
            .launchType(launch.strategy().isEmpty() ? launch.type() : null)
            .capacityProviderStrategy(launch.strategy().isEmpty() ? null : launch.strategy())
            .platformVersion(
                !launch.fargate()
                    ? null
                    : in.platformVersion() == null ? "LATEST" : in.platformVersion())
            .platformFamily(launch.fargate() ? "Linux" : null)
            .taskDefinition(definition.taskDefinitionArn())
            .deploymentConfiguration(
                check.configuration(in.deploymentConfiguration(), null, daemon))
            .roleArn(
                "arn:aws:iam::%s:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
                    .formatted(call.account()))
            .createdAt(call.at())
            .placementConstraints(
                in.placementConstraints() == null ? List.of() : in.placementConstraints())
            .placementStrategy(in.placementStrategy() == null ? List.of() : in.placementStrategy())
            .networkConfiguration(network)
            .healthCheckGracePeriodSeconds(
                in.healthCheckGracePeriodSeconds() == null && !balancers.isEmpty()
                    ? Integer.valueOf(0)
                    : in.healthCheckGracePeriodSeconds())
            .schedulingStrategy(daemon ? "DAEMON" : "REPLICA")
            .deploymentController(
                DeploymentController.builder()
                    .type(
                        in.deploymentController() == null
                            ? "ECS"
                            : in.deploymentController().type())
                    .build())
            .tags(EcsTags.given(in.tags()))
            .createdBy(call.principal().arn())
            .enableECSManagedTags(Boolean.TRUE.equals(in.enableECSManagedTags()))
            .propagateTags(in.propagateTags() == null ? "NONE" : in.propagateTags())
            .enableExecuteCommand(Boolean.TRUE.equals(in.enableExecuteCommand()))
            .availabilityZoneRebalancing(
                in.availabilityZoneRebalancing() == null
                    ? "DISABLED"
                    : in.availabilityZoneRebalancing())
            .build();
    return new StoredService(
        call.account(),
        call.region(),
        cluster.clusterName(),
        in.serviceName(),
        s,
        List.of(deployment),
        List.of(),
        null);
  }

  private static String arn(Call call, Cluster cluster, String service) {
    return call.arn("ecs", "service/" + cluster.clusterName() + "/" + service).toString();
  }

  static @Nullable NetworkConfiguration normal(@Nullable NetworkConfiguration n) {
    if (n == null || n.awsvpcConfiguration() == null) {
      return n;
    }
    AwsVpcConfiguration v = n.awsvpcConfiguration();
    return new NetworkConfiguration(
        v.toBuilder()
            .securityGroups(v.securityGroups() == null ? List.of() : v.securityGroups())
            .assignPublicIp(v.assignPublicIp() == null ? "DISABLED" : v.assignPublicIp())
            .build());
  }
}
