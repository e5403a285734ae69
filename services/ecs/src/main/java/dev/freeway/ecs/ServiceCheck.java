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
  private final CloudMap map;
  private final Networks networks;

  ServiceCheck(Targets targets, CloudMap map, Networks networks) {
    this.targets = targets;
    this.map = map;
    this.networks = networks;
  }

  void network(Scope scope, @Nullable NetworkConfiguration network) {
    networks.check(scope, network);
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

  /// Cloud Map services exist, and the task definition has what their records need.
  void registries(
      Scope scope, TaskDefinition definition, @Nullable List<ServiceRegistry> registries) {
    List<ServiceRegistry> all = registries == null ? List.of() : registries;
    if (all.size() > 1) {
      throw EcsErrors.invalidParameterException(
          "Specifying more than one service registry is not supported.");
    }
    for (ServiceRegistry r : all) {
      if (r.registryArn() == null) {
        throw EcsErrors.invalidParameterException("serviceRegistries: registryArn is required.");
      }
      var service =
          map.service(scope, r.registryArn())
              .orElseThrow(
                  () ->
                      EcsErrors.invalidParameterException(
                          "The service registry %s was not found.".formatted(r.registryArn())));
      if (r.containerName() != null || r.containerPort() != null) {
        if (r.containerName() == null || r.containerPort() == null || r.port() != null) {
          throw EcsErrors.invalidParameterException(
              "serviceRegistries: specify containerName and containerPort together, or port.");
        }
        container(definition, r.containerName(), r.containerPort());
      }
      boolean port = r.port() != null || r.containerPort() != null;
      boolean awsvpc = "awsvpc".equals(definition.networkMode());
      if (!awsvpc && r.containerPort() == null) {
        throw EcsErrors.invalidParameterException(
            "When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and 'containerPort' must be specified from the task definition.");
      }
      boolean srv =
          service.dnsConfig() != null
              && service.dnsConfig().dnsRecords().stream().anyMatch(x -> x.type().equals("SRV"));
      if (srv && !port) {
        throw EcsErrors.invalidParameterException(
            "A service registry with a DNS record of type SRV needs a port, or containerName and containerPort.");
      }
    }
  }

  static void grace(@Nullable Integer seconds, @Nullable List<LoadBalancer> balancers) {
    graceRange(seconds);
    if (seconds != null && seconds > 0 && (balancers == null || balancers.isEmpty())) {
      throw EcsErrors.invalidParameterException(
          "Health check grace period is only valid for services configured to use load balancers");
    }
  }

  static void graceRange(@Nullable Integer seconds) {
    if (seconds != null && seconds < 0) {
      throw EcsErrors.invalidParameterException(
          "Health check grace period must be between 0 and 2147483647 seconds.");
    }
  }

  void unsupported(@Nullable List<ServiceVolumeConfiguration> volumes) {
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
    int most = in.maximumPercent() == null ? base.maximumPercent() : in.maximumPercent();
    int least =
        in.minimumHealthyPercent() == null
            ? base.minimumHealthyPercent()
            : in.minimumHealthyPercent();
    if (least < 0 || most <= 0 || most <= 100 && least >= 100) {
      throw EcsErrors.invalidParameterException(
          "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.");
    }
    if (daemon && most > 100) {
      throw EcsErrors.invalidParameterException(
          "The daemon scheduling strategy does not support values above 100 for maximumPercent on a deployment configuration. Change the value to 100 and try again.");
    }
    return StrategyCheck.of(in, base, daemon).toBuilder()
        .maximumPercent(most)
        .minimumHealthyPercent(least)
        .deploymentCircuitBreaker(
            in.deploymentCircuitBreaker() == null
                ? base.deploymentCircuitBreaker()
                : in.deploymentCircuitBreaker())
        .alarms(in.alarms() == null ? base.alarms() : in.alarms())
        .build();
  }

  /// @param c what is to be of the service's deployments
  void loadBalancers(
      Scope scope,
      TaskDefinition definition,
      DeploymentConfiguration c,
      @Nullable List<LoadBalancer> balancers) {
    loadBalancers(scope, definition, balancers);
    StrategyCheck.balancers(targets, scope, c, balancers);
  }

  void loadBalancers(
      Scope scope, TaskDefinition definition, @Nullable List<LoadBalancer> balancers) {
    for (LoadBalancer lb : balancers == null ? List.<LoadBalancer>of() : balancers) {
      if (lb.targetGroupArn() == null) {
        throw EcsErrors.invalidParameterException("loadBalancers: targetGroupArn is required.");
      }
      container(definition, lb.containerName(), lb.containerPort());
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

  private static void container(
      TaskDefinition definition, @Nullable String name, @Nullable Integer wanted) {
    if (wanted == null) {
      throw EcsErrors.invalidParameterException("containerPort is required.");
    }
    ContainerDefinition c =
        definition.containerDefinitions().stream()
            .filter(x -> x.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    EcsErrors.invalidParameterException(
                        "The container %s does not exist in the task definition.".formatted(name)));
    if (c.portMappings().stream().noneMatch(p -> wanted.equals(p.containerPort()))) {
      throw EcsErrors.invalidParameterException(
          "The container %s did not have a container port %d defined.".formatted(name, wanted));
    }
  }
}
