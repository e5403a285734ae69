package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What AWS refuses when a task definition is registered.
final class TaskDefinitionCheck {
  /// Memory in MiB that Fargate offers for CPU units: first, last, step.
  private static final Map<Integer, int[]> FARGATE =
      Map.of(
          256, new int[] {512, 2048, 512},
          512, new int[] {1024, 4096, 1024},
          1024, new int[] {2048, 8192, 1024},
          2048, new int[] {4096, 16384, 1024},
          4096, new int[] {8192, 30720, 1024},
          8192, new int[] {16384, 61440, 4096},
          16384, new int[] {32768, 122880, 8192});

  private final RegisterTaskDefinitionRequest in;

  TaskDefinitionCheck(RegisterTaskDefinitionRequest in) {
    this.in = in;
  }

  private static AwsException refuse(String message, Object... values) {
    return EcsErrors.clientException(message.formatted(values));
  }

  void run() {
    if (!in.family().matches("[a-zA-Z0-9_-]{1,255}")) {
      throw refuse(
          "Family contains invalid characters. Only letters, numbers, hyphens and underscores are allowed.");
    }
    if (in.containerDefinitions().isEmpty()) {
      throw refuse("Container list cannot be empty.");
    }
    Set<String> names = new HashSet<>();
    for (ContainerDefinition c : in.containerDefinitions()) {
      container(c);
      if (!names.add(c.name())) {
        throw refuse(
            "Container name '%s' is used more than once in the task definition.", c.name());
      }
    }
    if (in.containerDefinitions().stream().allMatch(c -> Boolean.FALSE.equals(c.essential()))) {
      throw refuse("At least one container in the task definition must be marked as essential.");
    }
    if (fargate()) {
      fargateOnly();
    }
    dependencies(names);
    volumes();
    new OptionsCheck(in, fargate()).run();
  }

  private boolean fargate() {
    return in.requiresCompatibilities() != null && in.requiresCompatibilities().contains("FARGATE");
  }

  private void container(ContainerDefinition c) {
    if (c.name() == null || c.name().isEmpty()) {
      throw refuse("Container.name should not be null or empty.");
    }
    if (!c.name().matches("[a-zA-Z0-9_-]{1,255}")) {
      throw refuse("Container.name contains invalid characters: %s", c.name());
    }
    if (c.image() == null || c.image().isEmpty()) {
      throw refuse("Container.image should not be null or empty.");
    }
    if (c.memory() == null && c.memoryReservation() == null && in.memory() == null) {
      throw refuse(
          "Invalid setting for container '%s'. At least one of 'memory' or 'memoryReservation' must be specified.",
          c.name());
    }
    if (c.memory() != null && c.memoryReservation() != null && c.memoryReservation() > c.memory()) {
      throw refuse(
          "Invalid setting for container '%s'. The value for 'memory' must be greater than 'memoryReservation'.",
          c.name());
    }
    for (PortMapping p : c.portMappings() == null ? List.<PortMapping>of() : c.portMappings()) {
      boolean awsvpc = "awsvpc".equals(in.networkMode());
      if (awsvpc && p.hostPort() != null && !p.hostPort().equals(p.containerPort())) {
        throw refuse(
            "When networkMode=awsvpc, the host ports and container ports in port mappings must match.");
      }
    }
    if (c.healthCheck() != null) {
      healthCheck(c, c.healthCheck());
    }
    LogDriverCheck.run(c, fargate());
    if (c.restartPolicy() != null) {
      restartPolicy(c, c.restartPolicy());
    }
    for (Ulimit u : c.ulimits() == null ? List.<Ulimit>of() : c.ulimits()) {
      if (u.softLimit() > u.hardLimit() && u.hardLimit() >= 0) {
        throw refuse(
            "Invalid setting for container '%s'. The soft limit of ulimit '%s' cannot be greater than its hard limit.",
            c.name(), u.name());
      }
    }
  }

  private static void restartPolicy(ContainerDefinition c, ContainerRestartPolicy p) {
    Integer period = p.restartAttemptPeriod();
    if (period != null && (period < 60 || period > 1800)) {
      throw refuse(
          "Invalid restartPolicy of container '%s': restartAttemptPeriod must be between 60 and 1800.",
          c.name());
    }
    if (p.ignoredExitCodes() != null && p.ignoredExitCodes().size() > 50) {
      throw refuse(
          "Invalid restartPolicy of container '%s': at most 50 ignoredExitCodes can be given.",
          c.name());
    }
  }

  private static void healthCheck(ContainerDefinition c, HealthCheck h) {
    if (h.command().isEmpty() || !h.command().getFirst().matches("CMD|CMD-SHELL|NONE")) {
      throw refuse(
          "Invalid health check command of container '%s': it must start with CMD or CMD-SHELL.",
          c.name());
    }
    within(h.interval(), 5, 300, "interval");
    within(h.timeout(), 2, 120, "timeout");
    within(h.retries(), 1, 10, "retries");
    within(h.startPeriod(), 0, 300, "startPeriod");
  }

  private static void within(@Nullable Integer value, int least, int most, String what) {
    if (value != null && (value < least || value > most)) {
      throw refuse(
          "Invalid health check configuration: %s must be between %d and %d.", what, least, most);
    }
  }

  private void fargateOnly() {
    if (!"awsvpc".equals(in.networkMode())) {
      throw refuse("Fargate only supports network mode ‘awsvpc’.");
    }
    if (in.cpu() == null) {
      throw refuse("Fargate requires that 'cpu' be defined at the task level.");
    }
    if (in.memory() == null) {
      throw refuse("Fargate requires that 'memory' be defined at the task level.");
    }
    int cpu = Sizes.cpuUnits(in.cpu());
    int memory = Sizes.memoryMib(in.memory());
    int[] range = FARGATE.get(cpu);
    boolean offered =
        range != null
            && memory >= range[0]
            && memory <= range[1]
            && memory % range[2] == 0
            && !(cpu == 256 && memory == 1536);
    if (!offered) {
      throw refuse(
          "No Fargate configuration exists for given values: %d CPU, %d memory. See the Amazon ECS documentation for the valid values.",
          cpu, memory);
    }
    for (ContainerDefinition c : in.containerDefinitions()) {
      boolean logs =
          c.logConfiguration() != null && c.logConfiguration().logDriver().equals("awslogs");
      if (logs && in.executionRoleArn() == null) {
        throw refuse(
            "Fargate requires task definition to have execution role ARN to support log driver awslogs.");
      }
      if (c.image().contains(".dkr.ecr.") && in.executionRoleArn() == null) {
        throw refuse(
            "Fargate requires task definition to have execution role ARN to support ECR images.");
      }
      if (c.secrets() != null && !c.secrets().isEmpty() && in.executionRoleArn() == null) {
        throw refuse(
            "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.");
      }
    }
  }

  private void dependencies(Set<String> names) {
    Map<String, List<ContainerDependency>> all = new HashMap<>();
    for (ContainerDefinition c : in.containerDefinitions()) {
      List<ContainerDependency> on = c.dependsOn() == null ? List.of() : c.dependsOn();
      all.put(c.name(), on);
      for (ContainerDependency d : on) {
        if (!names.contains(d.containerName())) {
          throw refuse(
              "Invalid dependsOn setting for container '%s': there is no container '%s'.",
              c.name(), d.containerName());
        }
        ContainerDefinition target =
            in.containerDefinitions().stream()
                .filter(x -> x.name().equals(d.containerName()))
                .findFirst()
                .orElseThrow();
        if (d.condition().equals("HEALTHY") && target.healthCheck() == null) {
          throw refuse(
              "Invalid dependsOn setting for container '%s': container '%s' has no health check.",
              c.name(), d.containerName());
        }
        if (d.condition().matches("COMPLETE|SUCCESS")
            && !Boolean.FALSE.equals(target.essential())) {
          throw refuse(
              "Invalid dependsOn setting for container '%s': the %s condition cannot be set on the essential container '%s'.",
              c.name(), d.condition(), d.containerName());
        }
      }
    }
    all.keySet().forEach(n -> noCycle(n, all, new HashSet<>()));
  }

  private static void noCycle(
      String name, Map<String, List<ContainerDependency>> all, Set<String> path) {
    if (!path.add(name)) {
      throw refuse("The dependsOn settings of the containers form a cycle through '%s'.", name);
    }
    all.getOrDefault(name, List.of()).forEach(d -> noCycle(d.containerName(), all, path));
    path.remove(name);
  }

  private void volumes() {
    Set<String> known = new HashSet<>();
    for (Volume v : in.volumes() == null ? List.<Volume>of() : in.volumes()) {
      if (v.name() == null || !v.name().matches("[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}")) {
        throw refuse("Invalid volume name '%s'.", v.name());
      }
      known.add(v.name());
      boolean host = v.host() != null && v.host().sourcePath() != null;
      if (host && !v.host().sourcePath().startsWith("/")) {
        throw refuse("The host source path of volume '%s' must be absolute.", v.name());
      }
      if (host && fargate()) {
        throw refuse(
            "Fargate compatible task definitions do not support sourcePath: volume '%s'.",
            v.name());
      }
      if (v.dockerVolumeConfiguration() != null && fargate()) {
        throw refuse(
            "Fargate compatible task definitions do not support docker volumes: '%s'.", v.name());
      }
    }
    for (ContainerDefinition c : in.containerDefinitions()) {
      for (MountPoint m : c.mountPoints() == null ? List.<MountPoint>of() : c.mountPoints()) {
        if (!known.contains(m.sourceVolume())) {
          throw refuse("Unknown volume '%s'.", m.sourceVolume());
        }
      }
    }
  }
}
