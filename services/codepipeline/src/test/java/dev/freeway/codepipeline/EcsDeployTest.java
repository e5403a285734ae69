package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freeway.codepipeline.api.InputArtifact;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EcsDeployTest {
  private final Lab lab = new Lab();

  @BeforeEach
  void deploys() {
    var action =
        Lab.action("Ship", "Deploy", "ECS")
            .configuration(Map.of("ClusterName", "c", "ServiceName", "web"))
            .inputArtifacts(List.of(InputArtifact.builder().name("App").build()))
            .build();
    lab.create(Lab.pipeline(Lab.source(), Lab.stage("Deploy", action)));
    assertEquals("ecs-svc/2", lab.ecs.deployments.getFirst().id());
    assertEquals("InProgress", lab.executions().getFirst().status());
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private String error() {
    lab.node.advance(Duration.ofSeconds(1));
    assertEquals("Failed", lab.executions().getFirst().status());
    return lab.state("Deploy").actionStates().getFirst().latestExecution().errorDetails().message();
  }

  @Test
  void aDeploymentThatWasRolledBackFailsWithTheReasonOfTheService() {
    String why = "(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.";
    lab.ecs.deployments.removeFirst();
    lab.ecs.tell(why);
    lab.ecs.tell("(service web) rolling back to deployment ecs-svc/1.");
    assertEquals(why, error());
  }

  @Test
  void aDeploymentThatAnotherReplacedIsNotSaidToHaveFailedForThatOnesReason() {
    lab.ecs.tell("(service web) (deployment ecs-svc/22) deployment failed: tasks failed to start.");
    lab.ecs.deployments.removeFirst();
    assertEquals("Deployment ecs-svc/2 was replaced by another before it completed", error());
  }

  @Test
  void aCompletedDeploymentSucceeds() {
    var ours = lab.ecs.deployments.removeFirst();
    lab.ecs.deployments.addFirst(ours.toBuilder().rolloutState("COMPLETED").build());
    lab.node.advance(Duration.ofSeconds(1));
    assertEquals("Succeeded", lab.executions().getFirst().status());
  }
}
