package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.fake.FakeRuntime;
import dev.freeway.containers.fake.Program;
import dev.freeway.ecs.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Operation;
import dev.freeway.wire.Structure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TaskLifecycleTest extends EcsFixture {
  @Test
  void runsAndStopsWithTheExitCodeOfItsEssentialContainer() {
    cluster();
    programs.put("job", Program.prints(3, "hello"));
    String arn = run(define(container("job", "job").build())).taskArn();
    untilStatus(arn, "STOPPED");
    Task t = task(arn);
    assertEquals("EssentialContainerExited", t.stopCode());
    assertEquals("Essential container in task exited", t.stoppedReason());
    assertEquals(3, t.containers().getFirst().exitCode());
    assertTrue(runtime.sandboxes(Map.of()).isEmpty(), "the network is gone");
  }

  @Test
  void hasAnAddressOfItsOwnWhileItRuns() {
    cluster();
    String arn = run(define(container("web", "web").build())).taskArn();
    untilStatus(arn, "RUNNING");
    Task t = task(arn);
    String address =
        t.attachments().getFirst().details().stream()
            .filter(d -> d.name().equals("privateIPv4Address"))
            .findFirst()
            .orElseThrow()
            .value();
    assertEquals(runtime.sandboxes(Map.of()).getFirst().address(), address);
    assertEquals(
        address, t.containers().getFirst().networkInterfaces().getFirst().privateIpv4Address());
  }

  @Test
  void stopTaskSendsTheStopSignalAndKeepsTheFirstReason() {
    cluster();
    String arn = run(define(container("web", "web").build())).taskArn();
    untilStatus(arn, "RUNNING");
    stop(arn, "one");
    stop(arn, "two");
    untilStatus(arn, "STOPPED");
    assertEquals("UserInitiated", task(arn).stopCode());
    assertEquals("one", task(arn).stoppedReason());
    assertEquals(143, task(arn).containers().getFirst().exitCode());
  }

  private void stop(String arn, String reason) {
    node.call(STOP_TASK, StopTaskRequest.builder().cluster("c").task(arn).reason(reason).build());
  }

  @Test
  void aContainerThatIgnoresTheSignalIsKilledAfterItsStopTimeout() {
    cluster();
    programs.put("stubborn", Program.stubborn());
    String arn = run(define(container("x", "stubborn").stopTimeout(0).build())).taskArn();
    untilStatus(arn, "RUNNING");
    stop(arn, "enough");
    untilStatus(arn, "STOPPED");
    assertEquals(137, task(arn).containers().getFirst().exitCode());
  }

  @Test
  void aMissingImageStopsTheTaskBeforeItStarts() {
    cluster();
    String arn = run(define(container("web", "nothing").build())).taskArn();
    untilStatus(arn, "STOPPED");
    assertEquals("TaskFailedToStart", task(arn).stopCode());
    assertTrue(task(arn).stoppedReason().startsWith("CannotPullContainerError: "));
    assertNull(task(arn).containers().getFirst().exitCode());
    assertTrue(runtime.sandboxes(Map.of()).isEmpty());
  }

  @Test
  void aContainerWaitsForOnesThatMustSucceedFirst() {
    cluster();
    programs.put("init", Program.prints(0, "done"));
    String arn =
        run(define(
                container("web", "web")
                    .dependsOn(List.of(new ContainerDependency("init", "SUCCESS")))
                    .build(),
                container("init", "init").essential(false).build()))
            .taskArn();
    untilStatus(arn, "RUNNING");
    assertEquals("RUNNING", status(arn, "web"));
    assertEquals("STOPPED", status(arn, "init"));
  }

  private void untilRunning(String arn, String container) {
    until(container + " runs", () -> status(arn, container).equals("RUNNING"));
  }

  private String status(String arn, String container) {
    return task(arn).containers().stream()
        .filter(c -> c.name().equals(container))
        .findFirst()
        .orElseThrow()
        .lastStatus();
  }

  @Test
  void aDependencyThatFailsStopsTheTask() {
    cluster();
    programs.put("init", Program.prints(1, "no"));
    String arn =
        run(define(
                container("web", "web")
                    .dependsOn(List.of(new ContainerDependency("init", "SUCCESS")))
                    .build(),
                container("init", "init").essential(false).build()))
            .taskArn();
    untilStatus(arn, "STOPPED");
    assertEquals("TaskFailedToStart", task(arn).stopCode());
    assertTrue(task(arn).stoppedReason().contains("exited with 1"), task(arn).stoppedReason());
  }

  @Test
  void aContainerGivesUpWaitingAfterTheStartTimeoutOfTheOther() {
    cluster();
    var logs =
        LogConfiguration.builder()
            .logDriver("awslogs")
            .options(
                Map.of(
                    "awslogs-group", "g",
                    "awslogs-create-group", "true",
                    "awslogs-region", "us-east-1",
                    "awslogs-stream-prefix", "p"))
            .build();
    String arn =
        run(define(
                container("web", "web")
                    .logConfiguration(logs)
                    .dependsOn(List.of(new ContainerDependency("init", "COMPLETE")))
                    .build(),
                container("init", "web").essential(false).startTimeout(5).build()))
            .taskArn();
    untilRunning(arn, "init");
    node.advance(Duration.ofSeconds(4));
    node.run();
    assertEquals("RUNNING", task(arn).desiredStatus());
    node.advance(Duration.ofSeconds(2));
    untilStatus(arn, "STOPPED");
    assertEquals("TaskFailedToStart", task(arn).stopCode());
    assertTrue(task(arn).stoppedReason().contains("has timed out"), task(arn).stoppedReason());
  }

  @Test
  void tasksWithExecShowItsAgent() {
    cluster();
    var asked =
        RunTaskRequest.builder()
            .cluster("c")
            .taskDefinition(define(container("web", "web").build()))
            .launchType("FARGATE")
            .networkConfiguration(NETWORK)
            .enableExecuteCommand(true)
            .build();
    String arn = node.call(RUN_TASK, asked).tasks().getFirst().taskArn();
    untilStatus(arn, "RUNNING");
    assertEquals("RUNNING", agent(arn).lastStatus());
    assertNotNull(agent(arn).lastStartedAt());
    var answer =
        node.call(
            EXECUTE_COMMAND,
            ExecuteCommandRequest.builder()
                .cluster("c")
                .task(arn)
                .command("sh")
                .interactive(true)
                .build());
    assertEquals("web", answer.containerName());
    String url = answer.session().streamUrl();
    assertTrue(url.startsWith("ws://") && url.contains(answer.session().sessionId()), url);
    stop(arn, "over");
    untilStatus(arn, "STOPPED");
    assertEquals("STOPPED", agent(arn).lastStatus());
  }

  private ManagedAgent agent(String arn) {
    return task(arn).containers().getFirst().managedAgents().getFirst();
  }

  @Test
  void aRepeatedClientTokenRunsNothingNew() {
    cluster();
    String definition = define(container("web", "web").build());
    var request =
        RunTaskRequest.builder()
            .cluster("c")
            .taskDefinition(definition)
            .launchType("FARGATE")
            .networkConfiguration(NETWORK)
            .clientToken("once")
            .build();
    String first = node.call(RUN_TASK, request).tasks().getFirst().taskArn();
    assertEquals(first, node.call(RUN_TASK, request).tasks().getFirst().taskArn());
    assertEquals(1, running().size());
    var other = request.toBuilder().count(2).build();
    assertEquals(
        "ConflictException",
        assertThrows(AwsException.class, () -> node.call(RUN_TASK, other)).code());
  }

  @Test
  void listsRefuseWhatAwsRefuses() {
    cluster();
    var ids = java.util.Collections.nCopies(101, "0".repeat(32));
    refused(DESCRIBE_TASKS, DescribeTasksRequest.builder().cluster("c").tasks(ids).build());
    refused(
        DESCRIBE_SERVICES,
        DescribeServicesRequest.builder().cluster("c").services(ids.subList(0, 11)).build());
    refused(DESCRIBE_CLUSTERS, DescribeClustersRequest.builder().clusters(ids).build());
    refused(LIST_TASKS, ListTasksRequest.builder().cluster("c").maxResults(101).build());
    refused(LIST_SERVICES, ListServicesRequest.builder().cluster("c").maxResults(101).build());
    var nobodys = ListTasksRequest.builder().cluster("c").serviceName("none").build();
    assertEquals(
        "ServiceNotFoundException",
        assertThrows(AwsException.class, () -> node.call(LIST_TASKS, nobodys)).code());
  }

  private <I extends Structure, O extends Structure> void refused(Operation<I, O> operation, I in) {
    assertEquals(
        "InvalidParameterException",
        assertThrows(AwsException.class, () -> node.call(operation, in)).code());
  }

  @Test
  void aStoppedTaskIsForgottenAfterAnHour() {
    cluster();
    programs.put("job", Program.prints(0));
    String arn = run(define(container("job", "job").build())).taskArn();
    untilStatus(arn, "STOPPED");
    node.advance(Duration.ofMinutes(61));
    var answer =
        node.call(
            DESCRIBE_TASKS,
            DescribeTasksRequest.builder().cluster("c").tasks(List.of(arn)).build());
    assertEquals("MISSING", answer.failures().getFirst().reason());
  }

  @Test
  void removesNetworksThatNoTaskKnows() {
    var stray = new FakeRuntime(spec -> null, java.time.Clock.systemUTC());
    stray.createSandbox(SandboxSpec.named("ecs-lost").labels(Map.of("freeway.service", "ecs")));
    stray.createSandbox(SandboxSpec.named("build").labels(Map.of("freeway.service", "codebuild")));
    try (var other = TestNode.of(p -> new Ecs(p, stray, targets, sink, ANY_NETWORK))) {
      assertEquals(
          List.of("build"), stray.sandboxes(Map.of()).stream().map(s -> s.name()).toList());
    }
  }

  @Test
  void shipsEveryLineBeforeTheContainerIsRemoved() {
    cluster();
    programs.put("job", Program.prints(0, "one", "", "two", "three"));
    String arn =
        run(define(container("job", "job").logConfiguration(logs("true")).build())).taskArn();
    untilStatus(arn, "STOPPED");
    assertEquals(List.of("one", "two", "three"), sink.messages());
  }

  private static LogConfiguration logs(String create) {
    return LogConfiguration.builder()
        .logDriver("awslogs")
        .options(
            Map.of(
                "awslogs-group", "/g",
                "awslogs-region", "us-east-1",
                "awslogs-stream-prefix", "p",
                "awslogs-create-group", create))
        .build();
  }

  @Test
  void aLogGroupThatIsNotThereStopsTheTask() {
    cluster();
    String arn =
        run(define(container("web", "web").logConfiguration(logs("false")).build())).taskArn();
    untilStatus(arn, "STOPPED");
    assertTrue(
        task(arn).stoppedReason().contains("The specified log group does not exist."),
        task(arn).stoppedReason());
  }
}
