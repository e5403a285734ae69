package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Container instances: register, describe, drain, deregister.
final class InstanceCrud {
  private static final int PAGE = 100;

  private final Platform platform;
  private final Clusters clusters;
  private final Instances instances;
  private final Services services;
  private final Tasks tasks;

  InstanceCrud(
      Platform platform, Clusters clusters, Instances instances, Services services, Tasks tasks) {
    this.platform = platform;
    this.clusters = clusters;
    this.instances = instances;
    this.services = services;
    this.tasks = tasks;
  }

  RegisterContainerInstanceResponse register(Call call, RegisterContainerInstanceRequest in) {
    ContainerInstance made =
        platform
            .store()
            .write(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  ContainerInstance i = make(call, in, cluster);
                  ContainerInstance before =
                      in.containerInstanceArn() == null
                          ? null
                          : instances
                              .find(
                                  tx,
                                  call.scope(),
                                  cluster.clusterName(),
                                  in.containerInstanceArn())
                              .orElse(null);
                  if (before != null) {
                    i = i.toBuilder().registeredAt(before.registeredAt()).build();
                  }
                  instances.save(tx, call.scope(), cluster.clusterName(), i);
                  wakeServices(tx, call, cluster);
                  return instances.view(tx, call.scope(), cluster.clusterName(), i);
                });
    return RegisterContainerInstanceResponse.builder().containerInstance(made).build();
  }

  private static ContainerInstance make(
      Call call, RegisterContainerInstanceRequest in, Cluster cluster) {
    String arn =
        in.containerInstanceArn() != null
            ? in.containerInstanceArn()
            : call.arn("ecs", "container-instance/" + cluster.clusterName() + "/" + Ids.hex(32))
                .toString();
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    for (String[] a :
        new String[][] {
          {Instances.ZONE, zone(call, in.instanceIdentityDocument())},
          {"ecs.os-type", "linux"},
          {"ecs.os-family", "LINUX"},
          {"ecs.cpu-architecture", System.getProperty("os.arch").replace("amd64", "x86_64")},
        }) {
      attributes.put(a[0], Attribute.builder().name(a[0]).value(a[1]).build());
    }
    if (in.attributes() != null) {
      in.attributes().forEach(a -> attributes.put(a.name(), a));
    }
    return ContainerInstance.builder()
        .containerInstanceArn(arn)
        .ec2InstanceId(instanceId(in.instanceIdentityDocument()))
        .version(1L)
        .versionInfo(in.versionInfo())
        .registeredResources(
            in.totalResources() == null || in.totalResources().isEmpty()
                ? machine()
                : in.totalResources())
        .status("ACTIVE")
        .agentConnected(true)
        .attributes(List.copyOf(attributes.values()))
        .registeredAt(call.at())
        .attachments(List.of())
        .tags(EcsTags.given(in.tags()))
        .build();
  }

  /// The zone of the instance's identity document; without one, the region's first.
  private static String zone(Call call, @Nullable String document) {
    String zone = read(document).path("availabilityZone").asString("");
    return zone.isEmpty() ? call.region() + "a" : zone;
  }

  private static String instanceId(@Nullable String document) {
    String id = read(document).path("instanceId").asString("");
    return id.isEmpty() ? "i-" + Ids.hex(17) : id;
  }

  private static JsonNode read(@Nullable String document) {
    try {
      return JsonMapper.shared().readTree(document == null ? "{}" : document);
    } catch (JacksonException e) {
      throw EcsErrors.invalidParameterException("The instance identity document is not JSON.");
    }
  }

  private static List<Resource> machine() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return List.of(
        integer("CPU", Runtime.getRuntime().availableProcessors() * 1024),
        integer("MEMORY", (int) (system.getTotalMemorySize() >> 20)));
  }

  private static Resource integer(String name, int value) {
    return Resource.builder()
        .name(name)
        .type("INTEGER")
        .integerValue(value)
        .doubleValue(0.0)
        .longValue(0L)
        .build();
  }

  private void wakeServices(Tx tx, Call call, Cluster cluster) {
    for (StoredService s : services.all(tx, call.scope(), cluster.clusterName())) {
      if (!s.status().equals("INACTIVE")) {
        platform.flow().wake(tx, Services.KIND, s.key());
      }
    }
  }

  DeregisterContainerInstanceResponse deregister(Call call, DeregisterContainerInstanceRequest in) {
    ContainerInstance gone =
        platform
            .store()
            .write(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  String name = cluster.clusterName();
                  ContainerInstance i =
                      instances.require(tx, call.scope(), name, in.containerInstance());
                  List<StoredTask> on = instances.tasksOn(tx, call.scope(), name, i);
                  if (!on.isEmpty() && !Boolean.TRUE.equals(in.force())) {
                    throw EcsErrors.invalidParameterException(
                        "Found running tasks on the instance.");
                  }
                  // The machine stays, and so would they, known to nobody.
                  on.forEach(
                      t ->
                          tasks.change(
                              tx,
                              t.key(),
                              x ->
                                  x.stopped(
                                      "TerminationNotice",
                                      "Host EC2 (instance %s) terminated."
                                          .formatted(i.ec2InstanceId()),
                                      call.at())));
                  instances.delete(tx, call.scope(), name, i);
                  wakeServices(tx, call, cluster);
                  return i.toBuilder().status("INACTIVE").agentConnected(false).build();
                });
    return DeregisterContainerInstanceResponse.builder().containerInstance(gone).build();
  }

  DescribeContainerInstancesResponse describe(Call call, DescribeContainerInstancesRequest in) {
    if (in.containerInstances().isEmpty()) {
      throw EcsErrors.invalidParameterException("Container instances cannot be empty.");
    }
    Lookup.atMost(100, in.containerInstances(), "Container instances");
    boolean tags = in.include() != null && in.include().contains("TAGS");
    Lookup<ContainerInstance> all =
        platform
            .store()
            .read(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  String name = cluster.clusterName();
                  return Lookup.of(
                      in.containerInstances(),
                      id ->
                          instances
                              .find(tx, call.scope(), name, id)
                              .map(i -> instances.view(tx, call.scope(), name, i))
                              .map(i -> tags ? i : i.toBuilder().tags(List.of()).build()),
                      id -> arn(call, cluster, id));
                });
    return DescribeContainerInstancesResponse.builder()
        .containerInstances(all.found())
        .failures(all.failures())
        .build();
  }

  private static String arn(Call call, Cluster cluster, String id) {
    return call.arn("ecs", "container-instance/" + cluster.clusterName() + "/" + Instances.id(id))
        .toString();
  }

  ListContainerInstancesResponse list(Call call, ListContainerInstancesRequest in) {
    List<String> arns =
        platform
            .store()
            .read(
                tx -> {
                  Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
                  String name = cluster.clusterName();
                  return instances.all(tx, call.scope(), name).stream()
                      .filter(
                          i ->
                              in.filter() == null
                                  || ClusterQuery.matches(
                                      in.filter(), instances.subject(tx, call.scope(), name, i)))
                      .toList();
                })
            .stream()
            .filter(i -> in.status() == null || in.status().equals(i.status()))
            .map(ContainerInstance::containerInstanceArn)
            .sorted()
            .toList();
    var page = Lookup.page(arns, in.nextToken(), in.maxResults(), PAGE);
    return ListContainerInstancesResponse.builder()
        .containerInstanceArns(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  UpdateContainerInstancesStateResponse updateState(
      Call call, UpdateContainerInstancesStateRequest in) {
    if (!in.status().matches("ACTIVE|DRAINING")) {
      throw EcsErrors.invalidParameterException(
          "Container instances status should be one of [ACTIVE, DRAINING].");
    }
    List<ContainerInstance> changed = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    platform
        .store()
        .update(
            tx -> {
              Cluster cluster = clusters.require(tx, call.scope(), in.cluster());
              for (String id : in.containerInstances()) {
                ContainerInstance i =
                    instances.find(tx, call.scope(), cluster.clusterName(), id).orElse(null);
                if (i == null) {
                  failures.add(
                      Failure.builder().arn(arn(call, cluster, id)).reason("MISSING").build());
                  continue;
                }
                ContainerInstance after =
                    i.toBuilder().status(in.status()).version(i.version() + 1).build();
                instances.save(tx, call.scope(), cluster.clusterName(), after);
                changed.add(instances.view(tx, call.scope(), cluster.clusterName(), after));
              }
              wakeServices(tx, call, cluster);
            });
    return UpdateContainerInstancesStateResponse.builder()
        .containerInstances(changed)
        .failures(failures)
        .build();
  }

  /// There is no agent apart from Freeway: nothing newer to have.
  UpdateContainerAgentResponse updateAgent(Call call, UpdateContainerAgentRequest in) {
    platform
        .store()
        .read(
            tx ->
                instances.require(
                    tx,
                    call.scope(),
                    clusters.require(tx, call.scope(), in.cluster()).clusterName(),
                    in.containerInstance()));
    throw EcsErrors.noUpdateAvailableException(
        "There is no update available for this container agent.");
  }
}
