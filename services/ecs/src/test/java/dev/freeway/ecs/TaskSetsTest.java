package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Services whose deployments somebody else drives.
final class TaskSetsTest extends EcsFixture {
  private void external() {
    cluster();
    node.call(
        CREATE_SERVICE,
        CreateServiceRequest.builder()
            .cluster("c")
            .serviceName("s")
            .desiredCount(4)
            .deploymentController(DeploymentController.builder().type("EXTERNAL").build())
            .build());
  }

  private TaskSet create(String definition, double percent) {
    return node.call(
            CREATE_TASK_SET,
            CreateTaskSetRequest.builder()
                .cluster("c")
                .service("s")
                .taskDefinition(definition)
                .launchType("FARGATE")
                .networkConfiguration(NETWORK)
                .scale(Scale.builder().value(percent).unit("PERCENT").build())
                .build())
        .taskSet();
  }

  private TaskSet seen(TaskSet set) {
    return node.call(
            DESCRIBE_TASK_SETS,
            DescribeTaskSetsRequest.builder()
                .cluster("c")
                .service("s")
                .taskSets(List.of(set.taskSetArn()))
                .build())
        .taskSets()
        .getFirst();
  }

  private void scale(TaskSet set, double percent) {
    node.call(
        UPDATE_TASK_SET,
        UpdateTaskSetRequest.builder()
            .cluster("c")
            .service("s")
            .taskSet(set.id())
            .scale(Scale.builder().value(percent).unit("PERCENT").build())
            .build());
  }

  @Test
  void aPlatformThatDoesNotExistIsRefused() {
    external();
    var in =
        CreateTaskSetRequest.builder()
            .cluster("c")
            .service("s")
            .taskDefinition(define(container("web", "web").build()))
            .launchType("FARGATE")
            .platformVersion("2.0.0")
            .networkConfiguration(NETWORK)
            .build();
    assertEquals(
        "PlatformUnknownException",
        assertThrows(AwsException.class, () -> node.call(CREATE_TASK_SET, in)).code());
  }

  @Test
  void keepsThePartOfTheCountThatEachSetIsScaledTo() {
    external();
    String definition = define(container("web", "web").build());
    TaskSet blue = create(definition, 100);
    assertEquals("STABILIZING", blue.stabilityStatus());
    inTime("blue is steady", () -> seen(blue).stabilityStatus().equals("STEADY_STATE"));
    assertEquals(4, seen(blue).runningCount());
    TaskSet green = create(definition, 50);
    inTime("green is steady", () -> seen(green).stabilityStatus().equals("STEADY_STATE"));
    assertEquals(6, running().size());
    node.call(
        UPDATE_SERVICE_PRIMARY_TASK_SET,
        UpdateServicePrimaryTaskSetRequest.builder()
            .cluster("c")
            .service("s")
            .primaryTaskSet(green.id())
            .build());
    assertEquals("PRIMARY", seen(green).status());
    assertEquals(definition, service().taskDefinition());
    scale(green, 100);
    var delete =
        DeleteTaskSetRequest.builder().cluster("c").service("s").taskSet(blue.id()).build();
    assertEquals(
        "InvalidParameterException",
        assertThrows(AwsException.class, () -> node.call(DELETE_TASK_SET, delete)).code());
    scale(blue, 0);
    node.call(DELETE_TASK_SET, delete);
    inTime("blue is gone", () -> service().taskSets().size() == 1);
    inTime("green has all", () -> seen(green).runningCount() == 4 && running().size() == 4);
  }

  @Test
  void endsWithTheService() {
    external();
    create(define(container("web", "web").build()), 100);
    inTime("runs", () -> service().runningCount() == 4);
    node.call(
        DELETE_SERVICE,
        DeleteServiceRequest.builder().cluster("c").service("s").force(true).build());
    inTime("inactive", () -> service().status().equals("INACTIVE"));
    assertTrue(running().isEmpty());
  }

  @Test
  void aServiceForCodeDeployBeginsWithAPrimarySetAndIsNotRolledOutByEcs() {
    cluster();
    String definition = define(container("web", "web").build());
    node.call(
        CREATE_SERVICE,
        service(definition, 1)
            .deploymentController(DeploymentController.builder().type("CODE_DEPLOY").build())
            .build());
    inTime("runs", () -> service().runningCount() == 1);
    assertEquals("PRIMARY", service().taskSets().getFirst().status());
    AwsException e =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    UPDATE_SERVICE,
                    UpdateServiceRequest.builder()
                        .cluster("c")
                        .service("s")
                        .taskDefinition(definition)
                        .build()));
    assertTrue(e.message().contains("CODE_DEPLOY deployment controller"), e.message());
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder().cluster("c").service("s").desiredCount(2).build());
    inTime("two", () -> service().runningCount() == 2);
  }

  @Test
  void refusesSetsForAServiceThatEcsRollsOut() {
    cluster();
    String definition = define(container("web", "web").build());
    node.call(CREATE_SERVICE, service(definition, 1).build());
    assertThrows(AwsException.class, () -> create(definition, 100));
  }
}
