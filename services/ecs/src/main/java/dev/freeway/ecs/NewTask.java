package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of a task before it exists; [#make] gives it an id.
///
/// @param overrides with which it differs from its definition
/// @param provider capacity provider, if a strategy chose one
/// @param instance ARN of the container instance it is placed on; null on Fargate
/// @param zone of that instance; null where the region's first will do
@RecordBuilder
record NewTask(
    Scope scope,
    Cluster cluster,
    TaskDefinition definition,
    String launchType,
    String platformVersion,
    @Nullable NetworkConfiguration network,
    @Nullable TaskOverride overrides,
    String group,
    @Nullable String startedBy,
    List<Tag> tags,
    boolean exec,
    @Nullable String service,
    @Nullable String deployment,
    List<LoadBalancer> loadBalancers,
    @Nullable String instance,
    @Nullable String zone,
    @Nullable String provider)
    implements NewTaskBuilder.With {

  StoredTask make(Instant now) {
    String id = Ids.hex(32);
    String arn = scope.arn("ecs", "task/" + cluster.clusterName() + "/" + id).toString();
    TaskDefinition d = overridden();
    List<Container> containers = new ArrayList<>();
    for (ContainerDefinition c : d.containerDefinitions()) {
      containers.add(
          Container.builder()
              .containerArn(
                  scope
                      .arn(
                          "ecs", "container/" + cluster.clusterName() + "/" + id + "/" + Ids.uuid())
                      .toString())
              .taskArn(arn)
              .name(c.name())
              .image(c.image())
              .lastStatus("PENDING")
              .networkBindings(List.of())
              .networkInterfaces(List.of())
              .healthStatus("UNKNOWN")
              .cpu(c.cpu() == null ? "0" : "" + c.cpu())
              .memory(c.memory() == null ? null : "" + c.memory())
              .memoryReservation(c.memoryReservation() == null ? null : "" + c.memoryReservation())
              .build());
    }
    Task task =
        Task.builder()
            .taskArn(arn)
            .clusterArn(cluster.clusterArn())
            .taskDefinitionArn(d.taskDefinitionArn())
            .attachments(awsvpc() ? List.of(attachment()) : List.of())
            .containerInstanceArn(instance)
            .availabilityZone(zone == null ? scope.region() + "a" : zone)
            .connectivity("CONNECTED")
            .connectivityAt(now)
            .containers(containers)
            .cpu(d.cpu())
            .memory(d.memory())
            .createdAt(now)
            .desiredStatus("RUNNING")
            .lastStatus("PROVISIONING")
            .enableExecuteCommand(exec)
            .group(group)
            .healthStatus("UNKNOWN")
            .launchType(launchType)
            .capacityProviderName(provider)
            .platformVersion(instance == null ? platformVersion : null)
            .platformFamily("Linux")
            .overrides(overrides == null ? emptyOverrides(d) : overrides)
            .startedBy(startedBy)
            .tags(tags)
            .version(1L)
            .build();
    return new StoredTask(
        scope.account(),
        scope.region(),
        cluster.clusterName(),
        id,
        task,
        d,
        service,
        deployment,
        loadBalancers,
        false,
        null,
        List.of(),
        List.of(),
        Map.of(),
        Map.of());
  }

  private static TaskOverride emptyOverrides(TaskDefinition d) {
    return TaskOverride.builder()
        .containerOverrides(
            d.containerDefinitions().stream()
                .map(c -> ContainerOverride.builder().name(c.name()).build())
                .toList())
        .build();
  }

  NewTask on(String containerInstance, @Nullable String itsZone) {
    return with().instance(containerInstance).zone(itsZone).build();
  }

  NewTask by(@Nullable String capacityProvider) {
    return withProvider(capacityProvider);
  }

  private boolean awsvpc() {
    return "awsvpc".equals(definition.networkMode());
  }

  private Attachment attachment() {
    List<KeyValuePair> details = new ArrayList<>();
    if (network != null && network.awsvpcConfiguration() != null) {
      details.add(new KeyValuePair("subnetId", network.awsvpcConfiguration().subnets().getFirst()));
    }
    return Attachment.builder()
        .id(Ids.uuid())
        .type("ElasticNetworkInterface")
        .status("PRECREATED")
        .details(details)
        .build();
  }

  private TaskDefinition overridden() {
    if (overrides == null) {
      return definition;
    }
    Map<String, ContainerOverride> byName = new HashMap<>();
    if (overrides.containerOverrides() != null) {
      overrides.containerOverrides().forEach(o -> byName.put(o.name(), o));
    }
    List<ContainerDefinition> all = new ArrayList<>();
    for (ContainerDefinition c : definition.containerDefinitions()) {
      ContainerOverride o = byName.remove(c.name());
      all.add(o == null ? c : overridden(c, o));
    }
    if (!byName.isEmpty()) {
      throw EcsErrors.invalidParameterException(
          "Override for container named "
              + byName.keySet().iterator().next()
              + " is not a container in the TaskDefinition.");
    }
    return definition.toBuilder()
        .containerDefinitions(all)
        .taskRoleArn(
            overrides.taskRoleArn() == null ? definition.taskRoleArn() : overrides.taskRoleArn())
        .executionRoleArn(
            overrides.executionRoleArn() == null
                ? definition.executionRoleArn()
                : overrides.executionRoleArn())
        .cpu(overrides.cpu() == null ? definition.cpu() : "" + Sizes.cpuUnits(overrides.cpu()))
        .memory(
            overrides.memory() == null
                ? definition.memory()
                : "" + Sizes.memoryMib(overrides.memory()))
        .build();
  }

  private static ContainerDefinition overridden(ContainerDefinition c, ContainerOverride o) {
    Map<String, KeyValuePair> environment = new java.util.LinkedHashMap<>();
    c.environment().forEach(e -> environment.put(e.name(), e));
    if (o.environment() != null) {
      o.environment().forEach(e -> environment.put(e.name(), e));
    }
    if (o.resourceRequirements() != null && !o.resourceRequirements().isEmpty()) {
      throw EcsErrors.clientException(
          "Freeway runs Linux containers of this machine's processor only: container '%s' asks for resourceRequirements."
              .formatted(c.name()));
    }
    List<EnvironmentFile> files =
        o.environmentFiles() == null ? c.environmentFiles() : o.environmentFiles();
    OptionsCheck.files(files == null ? List.of() : files);
    return c.toBuilder()
        .environmentFiles(files)
        .command(o.command() == null || o.command().isEmpty() ? c.command() : o.command())
        .environment(List.copyOf(environment.values()))
        .cpu(o.cpu() == null ? c.cpu() : o.cpu())
        .memory(o.memory() == null ? c.memory() : o.memory())
        .memoryReservation(
            o.memoryReservation() == null ? c.memoryReservation() : o.memoryReservation())
        .build();
  }
}
