package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.fake.Program;
import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ServiceRolloutTest extends EcsFixture {
  private String definition() {
    return define(container("web", "web").build());
  }

  private void create(CreateServiceRequest.Builder request) {
    node.call(CREATE_SERVICE, request.build());
  }

  private void update(UpdateServiceRequest.Builder request) {
    node.call(UPDATE_SERVICE, request.cluster("c").service("s").build());
  }

  private Set<String> runningArns() {
    return running().stream().map(Task::taskArn).collect(Collectors.toSet());
  }

  @Test
  void reachesItsDesiredCountAndSaysSo() {
    cluster();
    create(service(definition(), 3));
    steady();
    assertEquals(3, service().runningCount());
    assertTrue(messages().contains("(service s) has reached a steady state."), "" + messages());
    assertTrue(primary().id().matches("ecs-svc/\\d{19}"));
    assertTrue(
        primary().rolloutStateReason().equals("ECS deployment " + primary().id() + " completed."));
  }

  @Test
  void saysOnceThatItCannotStartTasksAndWaitsLongerEachTime() {
    cluster();
    programs.put("broken", Program.prints(1));
    create(service(define(container("web", "broken").build()), 1));
    inTime("failed often", () -> primary().failedTasks() >= 6);
    assertEquals(
        1,
        messages().stream()
            .filter(m -> m.contains("is unable to consistently start tasks successfully."))
            .count(),
        "" + messages());
    int before = primary().failedTasks();
    node.advance(Duration.ofSeconds(3));
    assertTrue(primary().failedTasks() - before <= 2, "" + primary().failedTasks());
  }

  @Test
  void replacesATaskThatEnds() {
    cluster();
    create(service(definition(), 2));
    steady();
    String victim = running().getFirst().taskArn();
    runtime.signal(running().getFirst().containers().getFirst().runtimeId(), "KILL");
    inTime("replaced", () -> !runningArns().contains(victim) && service().runningCount() == 2);
    assertEquals("COMPLETED", primary().rolloutState());
  }

  @Test
  void keepsTheOldTaskUntilTheNewOnesTargetIsHealthy() {
    cluster();
    create(service(definition(), 1).loadBalancers(List.of(balancer())));
    steady();
    Set<String> old = runningArns();
    targets.atFirst = "initial";
    update(UpdateServiceRequest.builder().forceNewDeployment(true));
    inTime("the new task runs", () -> service().runningCount() == 2);
    node.advance(Duration.ofSeconds(30));
    assertTrue(runningArns().containsAll(old), "old task serves until the new one can");
    assertEquals("IN_PROGRESS", primary().rolloutState());

    runningArns().stream()
        .filter(a -> !old.contains(a))
        .forEach(a -> targets.states.put(Tasks.id(a), "healthy"));
    steady();
    assertEquals(1, service().runningCount());
    assertFalse(runningArns().stream().anyMatch(old::contains));
  }

  @Test
  void drainsATargetBeforeItsTaskIsStopped() {
    cluster();
    create(service(definition(), 1).loadBalancers(List.of(balancer())));
    steady();
    String old = runningArns().iterator().next();
    targets.whenDeregistered = "draining";
    update(UpdateServiceRequest.builder().desiredCount(0));
    inTime("draining", () -> task(old).lastStatus().equals("DEACTIVATING"));
    node.advance(Duration.ofSeconds(20));
    assertEquals("DEACTIVATING", task(old).lastStatus());
    assertNull(task(old).containers().getFirst().exitCode(), "still serving");
    targets.states.put(Tasks.id(old), "unused");
    inTime("stopped", () -> task(old).lastStatus().equals("STOPPED"));
    assertEquals(143, task(old).containers().getFirst().exitCode());
  }

  @Test
  void circuitBreakerRollsBackToTheLastDeploymentThatCompleted() {
    cluster();
    String good = definition();
    create(
        service(good, 2)
            .deploymentConfiguration(
                DeploymentConfiguration.builder()
                    .deploymentCircuitBreaker(new DeploymentCircuitBreaker(true, true))
                    .build()));
    steady();
    Set<String> old = runningArns();
    programs.put("broken", Program.prints(1, "no"));
    String bad = define(container("web", "broken").build());
    update(UpdateServiceRequest.builder().taskDefinition(bad));
    assertEquals(bad, service().taskDefinition());
    inTime("rolled back", () -> service().taskDefinition().equals(good));
    steady();
    assertEquals(old, runningArns(), "the tasks that served went on");
    assertTrue(
        messages().stream().anyMatch(m -> m.contains("deployment failed: tasks failed to start.")),
        "" + messages());
    assertTrue(
        messages().stream().anyMatch(m -> m.contains("rolling back to deployment ecs-svc/")));
  }

  @Test
  void withoutRollbackAFailedDeploymentStaysAndStartsNothingMore() {
    cluster();
    programs.put("broken", Program.prints(1));
    create(
        service(define(container("web", "broken").build()), 1)
            .deploymentConfiguration(
                DeploymentConfiguration.builder()
                    .deploymentCircuitBreaker(new DeploymentCircuitBreaker(true, false))
                    .build()));
    inTime("failed", () -> primary().rolloutState().equals("FAILED"));
    assertEquals(
        "ECS deployment circuit breaker: tasks failed to start.", primary().rolloutStateReason());
    assertEquals(3, primary().failedTasks());
    node.advance(Duration.ofMinutes(5));
    assertEquals(3, primary().failedTasks());
  }

  @Test
  void aTaskWhoseTargetIsUnhealthyIsReplacedAfterTheGracePeriod() {
    cluster();
    targets.atFirst = "unhealthy";
    create(
        service(definition(), 1)
            .loadBalancers(List.of(balancer()))
            .healthCheckGracePeriodSeconds(60));
    inTime("runs", () -> service().runningCount() == 1);
    String first = runningArns().iterator().next();
    node.advance(Duration.ofSeconds(50));
    assertEquals(Set.of(first), runningArns(), "in the grace period");
    targets.atFirst = "healthy";
    node.advance(Duration.ofSeconds(15));
    steady();
    assertTrue(
        task(first).stoppedReason().startsWith("Task failed ELB health checks in (target-group"),
        task(first).stoppedReason());
  }

  @Test
  void scalesInAndOut() {
    cluster();
    create(service(definition(), 1));
    steady();
    update(UpdateServiceRequest.builder().desiredCount(4));
    inTime("out", () -> service().runningCount() == 4);
    update(UpdateServiceRequest.builder().desiredCount(1));
    inTime("in", () -> service().runningCount() == 1 && running().size() == 1);
  }

  @Test
  void deletingDrainsAndFreesTheName() {
    cluster();
    create(service(definition(), 1));
    steady();
    AwsException refused =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    DELETE_SERVICE,
                    DeleteServiceRequest.builder().cluster("c").service("s").build()));
    assertEquals("The service cannot be stopped while it is scaled above 0.", refused.message());
    node.call(
        DELETE_SERVICE,
        DeleteServiceRequest.builder().cluster("c").service("s").force(true).build());
    inTime("inactive", () -> service().status().equals("INACTIVE"));
    assertTrue(running().isEmpty());
    create(service(definition(), 1));
    steady();
  }

  @Test
  void refusesATargetGroupThatCannotHoldTasks() {
    cluster();
    LoadBalancer lb =
        LoadBalancer.builder()
            .targetGroupArn("arn:instance")
            .containerName("web")
            .containerPort(80)
            .build();
    AwsException e =
        assertThrows(
            AwsException.class, () -> create(service(definition(), 1).loadBalancers(List.of(lb))));
    assertTrue(e.message().contains("has target type instance"), e.message());
    LoadBalancer port =
        LoadBalancer.builder()
            .targetGroupArn("arn:tg")
            .containerName("web")
            .containerPort(81)
            .build();
    e =
        assertThrows(
            AwsException.class,
            () -> create(service(definition(), 1).loadBalancers(List.of(port))));
    assertEquals("The container web did not have a container port 81 defined.", e.message());
  }
}
