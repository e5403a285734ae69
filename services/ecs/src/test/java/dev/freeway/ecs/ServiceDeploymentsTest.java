package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.fake.Program;
import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceDeploymentsTest extends EcsFixture {
  private List<ServiceDeploymentBrief> list() {
    return node.call(
            LIST_SERVICE_DEPLOYMENTS,
            ListServiceDeploymentsRequest.builder().cluster("c").service("s").build())
        .serviceDeployments();
  }

  private ServiceDeployment describe(String arn) {
    return node.call(
            DESCRIBE_SERVICE_DEPLOYMENTS,
            DescribeServiceDeploymentsRequest.builder().serviceDeploymentArns(List.of(arn)).build())
        .serviceDeployments()
        .getFirst();
  }

  private String good() {
    cluster();
    String definition = define(container("web", "web").build());
    node.call(CREATE_SERVICE, service(definition, 1).build());
    steady();
    return definition;
  }

  private void update(String definition) {
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder()
            .cluster("c")
            .service("s")
            .taskDefinition(definition)
            .build());
  }

  @Test
  void keepsOneForEachRollOutWithItsRevision() {
    String first = good();
    ServiceDeployment d = describe(list().getFirst().serviceDeploymentArn());
    assertEquals("SUCCESSFUL", d.status());
    assertNotNull(d.finishedAt());
    assertEquals(1, d.targetServiceRevision().runningTaskCount());
    assertEquals(d.serviceDeploymentArn(), service().currentServiceDeployment());
    update(define(container("web", "web").build()));
    assertEquals("IN_PROGRESS", list().getFirst().status());
    steady();
    ServiceDeployment second = describe(list().getFirst().serviceDeploymentArn());
    assertEquals("SUCCESSFUL", second.status());
    assertEquals(d.targetServiceRevision().arn(), second.sourceServiceRevisions().getFirst().arn());
    var revisions =
        node.call(
            DESCRIBE_SERVICE_REVISIONS,
            DescribeServiceRevisionsRequest.builder()
                .serviceRevisionArns(List.of(d.targetServiceRevision().arn()))
                .build());
    assertEquals(first, revisions.serviceRevisions().getFirst().taskDefinition());
  }

  @Test
  void stoppingOneRollsBack() {
    String first = good();
    programs.put("slow", Program.prints(1));
    update(define(container("web", "slow").build()));
    String arn = list().getFirst().serviceDeploymentArn();
    node.call(
        STOP_SERVICE_DEPLOYMENT,
        StopServiceDeploymentRequest.builder().serviceDeploymentArn(arn).build());
    assertEquals("ROLLBACK_IN_PROGRESS", describe(arn).status());
    steady();
    assertEquals("ROLLBACK_SUCCESSFUL", describe(arn).status());
    assertEquals(first, service().taskDefinition());
    AwsException again =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    STOP_SERVICE_DEPLOYMENT,
                    StopServiceDeploymentRequest.builder().serviceDeploymentArn(arn).build()));
    assertEquals("ConflictException", again.code());
  }

  @Test
  void aNewerOneStopsTheOneUnderWay() {
    good();
    programs.put("slow", Program.prints(1));
    update(define(container("web", "slow").build()));
    String arn = list().getFirst().serviceDeploymentArn();
    node.advance(java.time.Duration.ofSeconds(1));
    update(define(container("web", "web").build()));
    assertEquals("STOPPED", describe(arn).status());
    steady();
    assertEquals("SUCCESSFUL", list().getFirst().status());
    assertEquals(3, list().size());
  }

  @Test
  void rollingBackToTasksThatStillRunSucceedsAtOnce() {
    cluster();
    String definition = define(container("web", "web").build());
    node.call(
        CREATE_SERVICE,
        service(definition, 1)
            .deploymentConfiguration(
                DeploymentConfiguration.builder()
                    .deploymentCircuitBreaker(new DeploymentCircuitBreaker(true, true))
                    .minimumHealthyPercent(100)
                    .maximumPercent(200)
                    .build())
            .build());
    steady();
    String before = running().getFirst().taskArn();
    programs.put("broken", Program.prints(1));
    update(define(container("web", "broken").build()));
    inTime("rolled back", () -> list().getFirst().status().equals("ROLLBACK_SUCCESSFUL"));
    steady();
    assertEquals(before, running().getFirst().taskArn());
    assertEquals(definition, service().taskDefinition());
  }
}
