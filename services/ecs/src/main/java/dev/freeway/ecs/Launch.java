package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where tasks are to run. This machine is Fargate, and every container instance too.
///
/// @param type FARGATE, EC2 or EXTERNAL
/// @param strategy capacity providers, if those were asked for; empty when a launch type was
record Launch(String type, List<CapacityProviderStrategyItem> strategy) {
  static final String PLATFORM = "1.4.0";
  private static final Set<String> PLATFORMS = Set.of("LATEST", "1.3.0", "1.4.0");

  static Launch of(
      Cluster cluster,
      @Nullable String launchType,
      @Nullable List<CapacityProviderStrategyItem> strategy) {
    boolean providers = strategy != null && !strategy.isEmpty();
    if (launchType != null && providers) {
      throw EcsErrors.invalidParameterException(
          "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.");
    }
    if (launchType != null) {
      return new Launch(launchType, List.of());
    }
    List<CapacityProviderStrategyItem> chosen =
        providers ? strategy : cluster.defaultCapacityProviderStrategy();
    if (chosen == null || chosen.isEmpty()) {
      return new Launch("EC2", List.of());
    }
    ProviderChoice.check(chosen);
    boolean fargate = chosen.getFirst().capacityProvider().startsWith("FARGATE");
    for (CapacityProviderStrategyItem item : chosen) {
      String name = item.capacityProvider();
      boolean associated =
          cluster.capacityProviders() != null && cluster.capacityProviders().contains(name);
      if (!associated) {
        throw EcsErrors.invalidParameterException(
            "The specified capacity provider '%s' is not associated with the cluster."
                .formatted(name));
      }
      if (name.startsWith("FARGATE") != fargate) {
        throw EcsErrors.invalidParameterException(
            "A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling groups and Fargate providers. Specify one or the other and try again.");
      }
    }
    return new Launch(fargate ? "FARGATE" : "EC2", chosen);
  }

  boolean fargate() {
    return type.equals("FARGATE");
  }

  /// Throws unless there is such a version of the platform.
  void platform(@Nullable String version) {
    if (version == null) {
      return;
    }
    if (!fargate()) {
      throw EcsErrors.invalidParameterException(
          "The platform version must be null when specifying an EC2 launch type.");
    }
    if (!PLATFORMS.contains(version)) {
      throw EcsErrors.platformUnknownException("The specified platform version does not exist.");
    }
  }

  /// Throws if there is nothing to choose a place from.
  void placement(
      @Nullable List<PlacementConstraint> constraints,
      @Nullable List<PlacementStrategy> strategies) {
    if (fargate() && constraints != null && !constraints.isEmpty()) {
      throw EcsErrors.invalidParameterException(
          "Placement constraints are not supported with FARGATE launch type.");
    }
    if (fargate() && strategies != null && !strategies.isEmpty()) {
      throw EcsErrors.invalidParameterException(
          "Placement strategies are not supported with FARGATE launch type.");
    }
  }

  /// EBS volumes are not there, neither configured now nor to be configured.
  static void volumes(TaskDefinition d, boolean configured) {
    boolean waits =
        d.volumes() != null
            && d.volumes().stream().anyMatch(v -> Boolean.TRUE.equals(v.configuredAtLaunch()));
    if (configured || waits) {
      throw EcsErrors.unsupportedFeatureException("Freeway's ECS has no EBS volumes.");
    }
  }

  static dev.freeway.wire.AwsException noInstances() {
    return EcsErrors.invalidParameterException(
        "No Container Instances were found in your cluster.");
  }

  /// Throws unless the definition can run there with this network.
  void check(TaskDefinition d, @Nullable NetworkConfiguration network) {
    volumes(d, false);
    if (!fargate() && !"awsvpc".equals(d.networkMode())) {
      if (network != null && network.awsvpcConfiguration() != null) {
        throw EcsErrors.invalidParameterException(
            "Network Configuration is not valid for the given networkMode of this task definition.");
      }
      return;
    }
    boolean suits = d.compatibilities() == null || d.compatibilities().contains("FARGATE");
    if (fargate()
        && (!suits || !"awsvpc".equals(d.networkMode()) || d.cpu() == null || d.memory() == null)) {
      throw EcsErrors.invalidParameterException(
          "Task definition does not support launch_type FARGATE.");
    }
    if (network == null || network.awsvpcConfiguration() == null) {
      throw EcsErrors.invalidParameterException(
          "Network Configuration must be provided when networkMode 'awsvpc' is specified.");
    }
    if (network.awsvpcConfiguration().subnets() == null
        || network.awsvpcConfiguration().subnets().isEmpty()) {
      throw EcsErrors.invalidParameterException("subnets can not be empty.");
    }
  }
}
