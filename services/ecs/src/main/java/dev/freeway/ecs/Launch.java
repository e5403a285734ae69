package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where tasks are to run. This machine is Fargate; there are no container instances.
///
/// @param type FARGATE
/// @param strategy capacity providers, if those were asked for; empty when a launch type was
record Launch(String type, List<CapacityProviderStrategyItem> strategy) {
  static final String PLATFORM = "1.4.0";

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
      if (!launchType.equals("FARGATE")) {
        throw noInstances();
      }
      return new Launch("FARGATE", List.of());
    }
    List<CapacityProviderStrategyItem> chosen =
        providers ? strategy : cluster.defaultCapacityProviderStrategy();
    if (chosen == null || chosen.isEmpty()) {
      throw noInstances();
    }
    for (CapacityProviderStrategyItem item : chosen) {
      if (!item.capacityProvider().startsWith("FARGATE")) {
        throw EcsErrors.invalidParameterException(
            "The specified capacity provider '%s' could not be found."
                .formatted(item.capacityProvider()));
      }
    }
    return new Launch("FARGATE", chosen);
  }

  private static dev.freeway.wire.AwsException noInstances() {
    return EcsErrors.invalidParameterException(
        "No Container Instances were found in your cluster.");
  }

  /// Throws unless the definition can run on Fargate with this network.
  void check(TaskDefinition d, @Nullable NetworkConfiguration network) {
    if (!"awsvpc".equals(d.networkMode()) || d.cpu() == null || d.memory() == null) {
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
