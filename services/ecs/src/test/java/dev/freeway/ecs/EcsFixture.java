package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;

import dev.freeway.cloudwatch.Cloudwatch;
import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.fake.FakeRuntime;
import dev.freeway.containers.fake.Program;
import dev.freeway.ecs.api.*;
import dev.freeway.servicediscovery.Servicediscovery;
import dev.freeway.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/// A node with ECS over a fake runtime: images are named programs.
abstract class EcsFixture {
  final Map<String, Program> programs = new ConcurrentHashMap<>();
  final FakeTargets targets = new FakeTargets();
  final FakeSink sink = new FakeSink();
  FakeRuntime runtime;
  final TestNode node =
      TestNode.of(
          Servicediscovery::new,
          Cloudwatch::new,
          p -> {
            runtime = new FakeRuntime(this::program, p.clock());
            return new Ecs(p, runtime, targets, sink, ANY_NETWORK);
          });

  EcsFixture() {
    programs.put("web", Program.untilStopped());
  }

  /// What the runtime was asked for, by the container's id.
  final Map<String, ContainerSpec> specs = new ConcurrentHashMap<>();

  private Program program(ContainerSpec spec) {
    specs.put(spec.id(), spec);
    String image = ((RootFs.Image) spec.root()).reference();
    Program known = programs.get(image);
    if (known == null) {
      throw new dev.freeway.containers.ContainerException.ImageNotFound("there is no " + image);
    }
    return known;
  }

  @AfterEach
  void close() {
    node.close();
  }

  /// Runs background work until something holds. The fake containers have threads of their own.
  void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      node.run();
      if (holds.getAsBoolean()) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("never: " + what);
      }
      Thread.onSpinWait();
    }
  }

  /// The same, with the clock going on.
  void inTime(String what, BooleanSupplier holds) {
    for (int i = 0; i < 600 && !holds.getAsBoolean(); i++) {
      node.advance(Duration.ofMillis(100));
      long end = System.nanoTime() + Duration.ofMillis(20).toNanos();
      while (System.nanoTime() < end && !holds.getAsBoolean()) {
        node.run();
      }
    }
    until(what, holds);
  }

  void cluster() {
    node.call(CREATE_CLUSTER, CreateClusterRequest.builder().clusterName("c").build());
  }

  static ContainerDefinition.Builder container(String name, String image) {
    return ContainerDefinition.builder()
        .name(name)
        .image(image)
        .portMappings(List.of(PortMapping.builder().containerPort(80).build()));
  }

  String define(ContainerDefinition... containers) {
    return node.call(
            REGISTER_TASK_DEFINITION,
            RegisterTaskDefinitionRequest.builder()
                .family("f")
                .networkMode("awsvpc")
                .cpu("256")
                .memory("512")
                .requiresCompatibilities(List.of("FARGATE"))
                .executionRoleArn("arn:aws:iam::000000000000:role/x")
                .containerDefinitions(List.of(containers))
                .build())
        .taskDefinition()
        .taskDefinitionArn();
  }

  /// Every subnet is there.
  static final Networks ANY_NETWORK = (scope, network) -> {};

  static final NetworkConfiguration NETWORK =
      new NetworkConfiguration(AwsVpcConfiguration.builder().subnets(List.of("subnet-1")).build());

  Task run(String definition) {
    return node.call(
            RUN_TASK,
            RunTaskRequest.builder()
                .cluster("c")
                .taskDefinition(definition)
                .launchType("FARGATE")
                .networkConfiguration(NETWORK)
                .build())
        .tasks()
        .getFirst();
  }

  Task task(String arn) {
    return node.call(
            DESCRIBE_TASKS, DescribeTasksRequest.builder().cluster("c").tasks(List.of(arn)).build())
        .tasks()
        .getFirst();
  }

  void untilStatus(String arn, String status) {
    until(arn + " " + status, () -> task(arn).lastStatus().equals(status));
  }

  CreateServiceRequest.Builder service(String definition, int desired) {
    return CreateServiceRequest.builder()
        .cluster("c")
        .serviceName("s")
        .taskDefinition(definition)
        .desiredCount(desired)
        .launchType("FARGATE")
        .networkConfiguration(NETWORK);
  }

  static LoadBalancer balancer() {
    return LoadBalancer.builder()
        .targetGroupArn("arn:tg")
        .containerName("web")
        .containerPort(80)
        .build();
  }

  Service service() {
    return node.call(
            DESCRIBE_SERVICES,
            DescribeServicesRequest.builder().cluster("c").services(List.of("s")).build())
        .services()
        .getFirst();
  }

  Deployment primary() {
    return service().deployments().getFirst();
  }

  void steady() {
    inTime(
        "steady",
        () -> service().deployments().size() == 1 && primary().rolloutState().equals("COMPLETED"));
  }

  List<String> messages() {
    return service().events().stream().map(ServiceEvent::message).toList();
  }

  List<Task> running() {
    List<String> arns =
        node.call(LIST_TASKS, ListTasksRequest.builder().cluster("c").build()).taskArns();
    return arns.isEmpty()
        ? List.of()
        : node.call(DESCRIBE_TASKS, DescribeTasksRequest.builder().cluster("c").tasks(arns).build())
            .tasks();
  }
}
