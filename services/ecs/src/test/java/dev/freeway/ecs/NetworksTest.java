package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.fake.FakeRuntime;
import dev.freeway.containers.fake.Program;
import dev.freeway.ec2.Ec2;
import dev.freeway.ec2.api.DescribeSubnetsRequest;
import dev.freeway.ec2.api.Ec2Api;
import dev.freeway.ecs.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Networks of tasks and services are EC2's.
final class NetworksTest {
  private final TestNode node =
      TestNode.of(
          Ec2::new, p -> new Ecs(p, new FakeRuntime(s -> Program.untilStopped(), p.clock())));

  NetworksTest() {
    node.call(CREATE_CLUSTER, CreateClusterRequest.builder().clusterName("c").build());
    node.call(
        REGISTER_TASK_DEFINITION,
        RegisterTaskDefinitionRequest.builder()
            .family("f")
            .networkMode("awsvpc")
            .cpu("256")
            .memory("512")
            .containerDefinitions(List.of(EcsFixture.container("web", "web").build()))
            .build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private String subnet() {
    return node.call(Ec2Api.DESCRIBE_SUBNETS, DescribeSubnetsRequest.builder().build())
        .subnets()
        .getFirst()
        .subnetId();
  }

  private static NetworkConfiguration network(String subnet, String... groups) {
    return new NetworkConfiguration(
        AwsVpcConfiguration.builder()
            .subnets(List.of(subnet))
            .securityGroups(List.of(groups))
            .build());
  }

  private RunTaskResponse run(NetworkConfiguration network) {
    return node.call(
        RUN_TASK,
        RunTaskRequest.builder()
            .cluster("c")
            .taskDefinition("f")
            .launchType("FARGATE")
            .networkConfiguration(network)
            .build());
  }

  private void create(NetworkConfiguration network) {
    node.call(
        CREATE_SERVICE,
        CreateServiceRequest.builder()
            .cluster("c")
            .serviceName("s")
            .taskDefinition("f")
            .desiredCount(0)
            .launchType("FARGATE")
            .networkConfiguration(network)
            .build());
  }

  private void refused(String message, Runnable call) {
    AwsException e = assertThrows(AwsException.class, call::run);
    assertEquals("InvalidParameterException", e.code());
    assertTrue(e.message().contains(message), e.message());
  }

  @Test
  void aSubnetThatDoesNotExistIsRefused() {
    refused("The subnet ID 'subnet-1' does not exist", () -> run(network("subnet-1")));
    refused("The subnet ID 'subnet-1' does not exist", () -> create(network("subnet-1")));
    assertEquals(1, run(network(subnet())).tasks().size());
    create(network(subnet()));
    refused(
        "The subnet ID 'subnet-1' does not exist",
        () ->
            node.call(
                UPDATE_SERVICE,
                UpdateServiceRequest.builder()
                    .cluster("c")
                    .service("s")
                    .networkConfiguration(network("subnet-1"))
                    .build()));
  }

  @Test
  void aSecurityGroupThatDoesNotExistIsRefused() {
    refused("The security group 'sg-1' does not exist", () -> run(network(subnet(), "sg-1")));
  }
}
