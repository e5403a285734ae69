package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.LIST_ACTION_EXECUTIONS;
import static dev.freeway.codepipeline.api.CodepipelineApi.RETRY_STAGE_EXECUTION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.codepipeline.api.FailureConditions;
import dev.freeway.codepipeline.api.ListActionExecutionsInput;
import dev.freeway.codepipeline.api.RetryConfiguration;
import dev.freeway.codepipeline.api.RetryStageExecutionInput;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StageRetryTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  /// One action succeeds at once, one fails while there is no bucket `target`.
  private void create(@Nullable String mode) {
    StageDeclaration stage =
        Lab.stage("Deploy", Lab.deploy("Good", "artifacts"), Lab.deploy("Bad", "target"))
            .toBuilder()
            .onFailure(
                FailureConditions.builder()
                    .result(mode == null ? null : "RETRY")
                    .retryConfiguration(mode == null ? null : new RetryConfiguration(mode))
                    .build())
            .build();
    lab.create(Lab.pipeline(Lab.source(), stage));
  }

  private List<String> ran() {
    return lab
        .node
        .call(LIST_ACTION_EXECUTIONS, ListActionExecutionsInput.builder().pipelineName("p").build())
        .actionExecutionDetails()
        .stream()
        .filter(a -> a.stageName().equals("Deploy"))
        .map(a -> a.actionName() + " " + a.status())
        .sorted()
        .toList();
  }

  private void retry(String id) {
    lab.node.call(
        RETRY_STAGE_EXECUTION,
        RetryStageExecutionInput.builder()
            .pipelineName("p")
            .stageName("Deploy")
            .pipelineExecutionId(id)
            .retryMode("FAILED_ACTIONS")
            .build());
    lab.node.run();
  }

  @Test
  void failedActionsAreTriedOnceMoreByThemselvesThenTheStageFails() {
    create("FAILED_ACTIONS");
    assertEquals(List.of("Bad Failed", "Bad Failed", "Good Succeeded"), ran());
    assertEquals("Failed", lab.executions().getFirst().status());
    var metadata = lab.state("Deploy").retryStageMetadata();
    assertEquals(1, metadata.autoStageRetryAttempt());
    assertNull(metadata.manualStageRetryAttempt());
    assertEquals("AutomatedStageRetry", metadata.latestRetryTrigger());
  }

  @Test
  void allActionsAreRunAgainWhereThatIsAskedFor() {
    create("ALL_ACTIONS");
    assertEquals(List.of("Bad Failed", "Bad Failed", "Good Succeeded", "Good Succeeded"), ran());
  }

  @Test
  void aRetryByHandIsCountedApartAndMaySucceed() {
    create("FAILED_ACTIONS");
    lab.bucket("target");
    retry(lab.executions().getFirst().pipelineExecutionId());
    assertEquals("Succeeded", lab.executions().getFirst().status());
    var metadata = lab.state("Deploy").retryStageMetadata();
    assertEquals(1, metadata.autoStageRetryAttempt());
    assertEquals(1, metadata.manualStageRetryAttempt());
    assertEquals("ManualStageRetry", metadata.latestRetryTrigger());
  }

  @Test
  void withoutConfigurationNothingIsRetriedAndAnOlderFailureCannotBe() {
    create(null);
    assertEquals(List.of("Bad Failed", "Good Succeeded"), ran());
    assertNull(lab.state("Deploy").retryStageMetadata());
    String older = lab.executions().getFirst().pipelineExecutionId();
    lab.start();
    var e = assertThrows(AwsException.class, () -> retry(older));
    assertEquals("NotLatestPipelineExecutionException", e.code());
  }
}
