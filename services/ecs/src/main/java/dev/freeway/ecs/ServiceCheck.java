package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.ecs.uses.elbv2.TargetGroup;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What AWS refuses of a service, and what Freeway cannot do yet.
final class ServiceCheck {
  private static final int MOST = 5000;

  private final Targets targets;

  ServiceCheck(Targets targets) {
    this.targets = targets;
  }

  void desired(int count) {
    if (count < 0 || count > MOST) {
      throw EcsErrors.invalidParameterException("desiredCount must be between 0 and " + MOST + ".");
    }
  }

  void strategy(@Nullable String scheduling, Launch launch) {
    if ("DAEMON".equals(scheduling) && launch.fargate()) {
      throw EcsErrors.invalidParameterException(
          "The daemon scheduling strategy is not supported for services that use the FARGATE launch type.");
    }
  }

  void unsupported(
      @Nullable List<ServiceRegistry> registries,
      @Nullable List<ServiceVolumeConfiguration> volumes) {
    if (registries != null && !registries.isEmpty()) {
      throw EcsErrors.unsupportedFeatureException(
          "Freeway has no Cloud Map: serviceRegistries cannot be used; Service Connect can.");
    }
    if (volumes != null && !volumes.isEmpty()) {
      throw EcsErrors.unsupportedFeatureException("Freeway's ECS has no EBS volumes.");
    }
  }

  /// With defaults, on top of what was there.
  DeploymentConfiguration configuration(
      @Nullable DeploymentConfiguration in,
      @Nullable DeploymentConfiguration before,
      boolean daemon) {
    DeploymentConfiguration base =
        before != null
            ? before
            : DeploymentConfiguration.builder()
                .maximumPercent(daemon ? 100 : 200)
                .minimumHealthyPercent(daemon ? 0 : 100)
                .deploymentCircuitBreaker(new DeploymentCircuitBreaker(false, false))
                .strategy("ROLLING")
                .bakeTimeInMinutes(0)
                .build();
    if (in == null) {
      return base;
    }
    if (in.strategy() != null && !in.strategy().equals("ROLLING")) {
      throw EcsErrors.unsupportedFeatureException(
          "Freeway's ECS has the deployment strategy ROLLING only, not " + in.strategy() + ".");
    }
    int most = in.maximumPercent() == null ? base.maximumPercent() : in.maximumPercent();
    int least =
        in.minimumHealthyPercent() == null
            ? base.minimumHealthyPercent()
            : in.minimumHealthyPercent();
    if (least < 0 || most <= 0 || most <= 100 && least >= 100) {
      throw EcsErrors.invalidParameterException(
          "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.");
    }
    return base.toBuilder()
        .maximumPercent(most)
        .minimumHealthyPercent(least)
        .deploymentCircuitBreaker(
            in.deploymentCircuitBreaker() == null
                ? base.deploymentCircuitBreaker()
                : in.deploymentCircuitBreaker())
        .alarms(in.alarms() == null ? base.alarms() : in.alarms())
        .build();
  }

  void loadBalancers(
      Scope scope, TaskDefinition definition, @Nullable List<LoadBalancer> balancers) {
    for (LoadBalancer lb : balancers == null ? List.<LoadBalancer>of() : balancers) {
      if (lb.targetGroupArn() == null) {
        throw EcsErrors.invalidParameterException("loadBalancers: targetGroupArn is required.");
      }
      container(definition, lb);
      TargetGroup group;
      try {
        group =
            targets
                .find(scope, lb.targetGroupArn())
                .orElseThrow(
                    () ->
                        AwsException.client(
                            "TargetGroupNotFound",
                            "Target groups '" + lb.targetGroupArn() + "' not found"));
      } catch (AwsException e) {
        throw e.serverFault()
            ? e
            : EcsErrors.invalidParameterException(
                "Unable to assume role and validate the specified targetGroupArn: " + e.message());
      }
      if ("instance".equals(group.targetType()) && !"awsvpc".equals(definition.networkMode())) {
        throw EcsErrors.unsupportedFeatureException(
            "Tasks of Freeway's container instances have addresses of their own: use a target group of type ip instead of "
                + lb.targetGroupArn());
      }
      if (!"ip".equals(group.targetType())) {
        throw EcsErrors.invalidParameterException(
            "The provided target group %s has target type %s, which is incompatible with the awsvpc network mode specified in the task definition."
                .formatted(lb.targetGroupArn(), group.targetType()));
      }
      if (group.loadBalancerArns() == null || group.loadBalancerArns().isEmpty()) {
        throw EcsErrors.invalidParameterException(
            "The target group with targetGroupArn %s does not have an associated load balancer."
                .formatted(lb.targetGroupArn()));
      }
    }
  }

  private static void container(TaskDefinition definition, LoadBalancer lb) {
    ContainerDefinition c =
        definition.containerDefinitions().stream()
            .filter(x -> x.name().equals(lb.containerName()))
            .findFirst()
            .orElseThrow(
                () ->
                    EcsErrors.invalidParameterException(
                        "The container %s does not exist in the task definition."
                            .formatted(lb.containerName())));
    boolean port =
        c.portMappings().stream().anyMatch(p -> lb.containerPort().equals(p.containerPort()));
    if (!port) {
      throw EcsErrors.invalidParameterException(
          "The container %s did not have a container port %d defined."
              .formatted(lb.containerName(), lb.containerPort()));
    }
  }
}
