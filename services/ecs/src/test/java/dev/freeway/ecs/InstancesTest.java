package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.Mount;
import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Container instances, placement on them, daemons.
final class InstancesTest extends EcsFixture {
  private String instance(String colour) {
    return node.call(
            REGISTER_CONTAINER_INSTANCE,
            RegisterContainerInstanceRequest.builder()
                .cluster("c")
                .totalResources(List.of(resource("CPU", 1024), resource("MEMORY", 1024)))
                .attributes(List.of(Attribute.builder().name("colour").value(colour).build()))
                .build())
        .containerInstance()
        .containerInstanceArn();
  }

  @Test
  void theClusterQueryLanguageJoinsNegatesAndAsksForGroups() {
    var on =
        new ClusterQuery.Subject(
            Map.of("colour", "red", "size", "4"), "i-1", Set.of("service:web"));
    for (String holds :
        List.of(
            "attribute:colour == red",
            "attribute:colour==red and attribute:size >= 4",
            "attribute:colour == blue or attribute:size in [3, 4]",
            "not(attribute:colour == blue)",
            "!(attribute:colour == blue) && task:group == service:web",
            "(attribute:colour == blue || attribute:colour =~ r.*) and not attribute:gpu exists",
            "attribute:gpu !exists",
            "task:group != service:other",
            "ec2InstanceId in [i-0, i-1]")) {
      assertTrue(ClusterQuery.matches(holds, on), holds);
      assertFalse(ClusterQuery.matches("not (" + holds + ")", on), holds);
    }
    for (String wrong :
        List.of(
            "",
            "attribute:",
            "attribute:a ==",
            "a == b",
            "(attribute:a == b",
            "attribute:a == b )",
            "attribute:a in b",
            "attribute:a == [b]",
            "attribute:a == b c",
            "attribute:colour =~ [",
            "not ".repeat(90) + "task:group")) {
      assertThrows(AwsException.class, () -> ClusterQuery.matches(wrong, on), wrong);
    }
  }

  @Test
  void anInstanceIsInTheZoneOfItsIdentityDocumentAndSoAreItsTasks() {
    cluster();
    String d = bridged(100);
    for (String zone : List.of("a", "b")) {
      node.call(
          REGISTER_CONTAINER_INSTANCE,
          RegisterContainerInstanceRequest.builder()
              .cluster("c")
              .instanceIdentityDocument(
                  "{\"instanceId\":\"i-%s\",\"availabilityZone\":\"us-east-1%s\"}"
                      .formatted(zone, zone))
              .totalResources(List.of(resource("CPU", 1024), resource("MEMORY", 1024)))
              .build());
    }
    String there = "attribute:ecs.availability-zone == us-east-1b";
    assertEquals("us-east-1b", runOn(d, there).tasks().getFirst().availabilityZone());
    assertEquals(
        1,
        node.call(
                LIST_CONTAINER_INSTANCES,
                ListContainerInstancesRequest.builder()
                    .cluster("c")
                    .filter("task:group == family:b")
                    .build())
            .containerInstanceArns()
            .size());
  }

  private static ClusterQuery.Subject zoned(String zone) {
    return new ClusterQuery.Subject(Map.of("z", zone), "i-" + zone, Set.of());
  }

  private static Resource resource(String name, int value) {
    return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
  }

  private String bridged(int memory) {
    return node.call(
            REGISTER_TASK_DEFINITION,
            RegisterTaskDefinitionRequest.builder()
                .family("b")
                .containerDefinitions(List.of(container("web", "web").memory(memory).build()))
                .build())
        .taskDefinition()
        .taskDefinitionArn();
  }

  private RunTaskResponse runOn(String definition, String expression) {
    return node.call(
        RUN_TASK,
        RunTaskRequest.builder()
            .cluster("c")
            .taskDefinition(definition)
            .launchType("EC2")
            .placementConstraints(
                expression == null
                    ? null
                    : List.of(
                        PlacementConstraint.builder()
                            .type("memberOf")
                            .expression(expression)
                            .build()))
            .build());
  }

  private Set<String> usedBy(String service) {
    return running().stream()
        .filter(t -> t.group().equals("service:" + service))
        .map(Task::containerInstanceArn)
        .collect(Collectors.toSet());
  }

  @Test
  void placesTasksWhereThereIsRoomAndTheConstraintsHold() {
    cluster();
    String definition = bridged(600);
    assertEquals(
        "No Container Instances were found in your cluster.",
        assertThrows(AwsException.class, () -> runOn(definition, null)).message());
    instance("red");
    String blue = instance("blue");
    Task task = runOn(definition, "attribute:colour == blue").tasks().getFirst();
    assertEquals(blue, task.containerInstanceArn());
    untilStatus(task.taskArn(), "RUNNING");
    assertEquals(
        80, task(task.taskArn()).containers().getFirst().networkBindings().getFirst().hostPort());
    var full = runOn(definition, "attribute:colour == blue");
    assertEquals("RESOURCE:MEMORY", full.failures().getFirst().reason());
    assertEquals(
        "MemberOf placement constraint unsatisfied.",
        runOn(definition, "attribute:colour in [green, grey]").failures().getFirst().reason());
    var seen =
        node.call(
                DESCRIBE_CONTAINER_INSTANCES,
                DescribeContainerInstancesRequest.builder()
                    .cluster("c")
                    .containerInstances(List.of(blue))
                    .build())
            .containerInstances()
            .getFirst();
    assertEquals(1, seen.runningTasksCount());
    assertEquals(424, Instances.resource(seen.remainingResources(), "MEMORY"));
  }

  @Test
  void aDaemonRunsOnceOnEveryInstanceThatComesAndLeavesOneThatDrains() {
    cluster();
    String first = instance("red");
    node.call(
        CREATE_SERVICE,
        CreateServiceRequest.builder()
            .cluster("c")
            .serviceName("s")
            .taskDefinition(bridged(100))
            .schedulingStrategy("DAEMON")
            .launchType("EC2")
            .build());
    steady();
    assertEquals(Set.of(first), usedBy("s"));
    String second = instance("blue");
    inTime("on both", () -> usedBy("s").equals(Set.of(first, second)));
    assertEquals(2, service().desiredCount());
    node.call(
        UPDATE_CONTAINER_INSTANCES_STATE,
        UpdateContainerInstancesStateRequest.builder()
            .cluster("c")
            .containerInstances(List.of(first))
            .status("DRAINING")
            .build());
    inTime("left", () -> usedBy("s").equals(Set.of(second)));
    assertEquals(1, service().desiredCount());
  }

  @Test
  void aServiceMovesFromAnInstanceThatDrainsAndWaitsWhereThereIsNone() {
    cluster();
    node.call(
        CREATE_SERVICE,
        CreateServiceRequest.builder()
            .cluster("c")
            .serviceName("s")
            .taskDefinition(bridged(100))
            .desiredCount(1)
            .launchType("EC2")
            .build());
    inTime("says so", () -> messages().stream().anyMatch(m -> m.contains("unable to place")));
    String first = instance("red");
    steady();
    String second = instance("blue");
    node.call(
        UPDATE_CONTAINER_INSTANCES_STATE,
        UpdateContainerInstancesStateRequest.builder()
            .cluster("c")
            .containerInstances(List.of(first))
            .status("DRAINING")
            .build());
    inTime("moved", () -> usedBy("s").equals(Set.of(second)));
    var busy =
        DeregisterContainerInstanceRequest.builder().cluster("c").containerInstance(second).build();
    assertThrows(AwsException.class, () -> node.call(DEREGISTER_CONTAINER_INSTANCE, busy));
    node.call(DEREGISTER_CONTAINER_INSTANCE, busy.toBuilder().force(true).build());
    inTime("gone", () -> running().isEmpty());
  }

  @Test
  void mountsTheInstancesDirectoriesAndSharedVolumes() {
    cluster();
    instance("red");
    var volumes =
        List.of(
            Volume.builder()
                .name("host")
                .host(HostVolumeProperties.builder().sourcePath("/tmp").build())
                .build(),
            Volume.builder()
                .name("shared")
                .dockerVolumeConfiguration(
                    DockerVolumeConfiguration.builder().scope("shared").build())
                .build());
    var points =
        volumes.stream()
            .map(
                v ->
                    MountPoint.builder()
                        .sourceVolume(v.name())
                        .containerPath("/" + v.name())
                        .readOnly(v.name().equals("host"))
                        .build())
            .toList();
    var request =
        RegisterTaskDefinitionRequest.builder()
            .family("b")
            .volumes(volumes)
            .containerDefinitions(
                List.of(
                    container("web", "web")
                        .memory(100)
                        .mountPoints(points)
                        .ulimits(List.of(new Ulimit("nofile", 10, 20)))
                        .build()));
    node.call(REGISTER_TASK_DEFINITION, request.build());
    String arn = runOn("b", null).tasks().getFirst().taskArn();
    untilStatus(arn, "RUNNING");
    var spec = specs.get("ecs-" + Tasks.id(arn) + ".web");
    assertEquals(Mount.readOnly(Path.of("/tmp"), "/host"), spec.mounts().getFirst());
    assertTrue(((Mount.Bind) spec.mounts().get(1)).source().toString().contains("/shared/"));
    assertEquals(20, spec.ulimits().getFirst().hard());
    var fargate =
        request
            .networkMode("awsvpc")
            .cpu("256")
            .memory("512")
            .requiresCompatibilities(List.of("FARGATE"))
            .build();
    assertThrows(AwsException.class, () -> node.call(REGISTER_TASK_DEFINITION, fargate));
  }

  @Test
  void spreadsAndPacks() {
    var a = new Placement.Host("a", zoned("1"), 100, 500, 1);
    var b = new Placement.Host("b", zoned("2"), 100, 200, 0);
    var spread = List.of(PlacementStrategy.builder().type("spread").field("attribute:z").build());
    var pack = List.of(PlacementStrategy.builder().type("binpack").field("memory").build());
    assertEquals(
        "b", new Placement(List.of(), spread, 1, 1).choose(List.of(a, b)).host().get().arn());
    assertEquals(
        "b", new Placement(List.of(), pack, 1, 1).choose(List.of(a, b)).host().get().arn());
    assertEquals(
        "a", new Placement(List.of(), pack, 1, 300).choose(List.of(a, b)).host().get().arn());
    assertThrows(
        AwsException.class,
        () -> ClusterQuery.matches("runningTasksCount > 1", ClusterQuery.Subject.NONE));
  }
}
