package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.RETRY_STAGE_EXECUTION;
import static dev.freeway.codepipeline.api.CodepipelineApi.STOP_PIPELINE_EXECUTION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.freeway.codepipeline.api.RetryStageExecutionInput;
import dev.freeway.codepipeline.api.StopPipelineExecutionInput;
import dev.freeway.platform.Event;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The clock stands still.
class PipelineEventsTest {
  private static final String START = "2026-01-01T00:00:00.000Z";
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void create() {
    lab.create(Lab.pipeline(Lab.source(), Lab.stage("Out", Lab.deploy("Copy", "nowhere"))));
  }

  private Map<String, Object> last(String what, String state) {
    return lab.told.stream()
        .filter(e -> e.detailType().equals("CodePipeline " + what + " Execution State Change"))
        .map(Event::detail)
        .filter(d -> d.get("state").equals(state))
        .toList()
        .getLast();
  }

  @Test
  void anActionTellsOfItsArtifactsAndResult() {
    create();
    Map<String, Object> source = last("Action", "SUCCEEDED");
    assertEquals(START, source.get("start-time"));
    assertEquals(1.0, source.get("version"));
    assertEquals(1.0, source.get("pipeline-execution-attempt"));
    assertFalse(source.get("action-execution-id").toString().isEmpty());
    assertEquals(
        List.of("App"),
        ((List<?>) source.get("output-artifacts"))
            .stream().map(a -> ((Map<?, ?>) a).get("name")).toList());
    Map<String, Object> deploy = last("Action", "FAILED");
    assertEquals("us-east-1", deploy.get("region"));
    assertEquals(1, ((List<?>) deploy.get("input-artifacts")).size());
    assertFalse(deploy.containsKey("output-artifacts"));
    assertFalse(
        ((Map<?, ?>) deploy.get("execution-result"))
            .get("external-execution-summary")
            .toString()
            .isEmpty());
    assertFalse(last("Action", "STARTED").containsKey("execution-result"));
  }

  @Test
  void aRetryIsTheSecondAttempt() {
    create();
    assertEquals(1.0, last("Stage", "FAILED").get("pipeline-execution-attempt"));
    lab.bucket("nowhere");
    lab.node.call(
        RETRY_STAGE_EXECUTION,
        RetryStageExecutionInput.builder()
            .pipelineName("p")
            .stageName("Out")
            .pipelineExecutionId(lab.executions().getFirst().pipelineExecutionId())
            .retryMode("FAILED_ACTIONS")
            .build());
    lab.node.run();
    Map<String, Object> resumed = last("Stage", "RESUMED");
    assertEquals(START, resumed.get("stage-last-retry-attempt-time"));
    assertEquals(2.0, resumed.get("pipeline-execution-attempt"));
    assertEquals(2.0, last("Action", "SUCCEEDED").get("pipeline-execution-attempt"));
    assertEquals(2.0, last("Pipeline", "SUCCEEDED").get("pipeline-execution-attempt"));
  }

  @Test
  void aStopIsToldWithItsReason() {
    lab.create(Lab.pipeline(Lab.source(), Lab.stage("Hold", Lab.approval("Ok"))));
    lab.node.call(
        STOP_PIPELINE_EXECUTION,
        StopPipelineExecutionInput.builder()
            .pipelineName("p")
            .pipelineExecutionId(lab.executions().getFirst().pipelineExecutionId())
            .abandon(true)
            .reason("not today")
            .build());
    lab.node.run();
    for (String state : List.of("STOPPING", "STOPPED")) {
      assertEquals("not today", last("Pipeline", state).get("stop-execution-comments"));
      assertEquals("Hold", last("Stage", state).get("stage"));
    }
    assertFalse(last("Action", "ABANDONED").containsKey("execution-result"));
  }
}
