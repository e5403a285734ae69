package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.ROLLBACK_STAGE;
import static dev.freeway.codepipeline.api.CodepipelineApi.UPDATE_PIPELINE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.codepipeline.api.FailureConditions;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.PipelineExecutionSummary;
import dev.freeway.codepipeline.api.RollbackStageInput;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.codepipeline.api.UpdatePipelineInput;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RollbacksTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private PipelineDeclaration.Builder pipeline(String onFailure) {
    StageDeclaration deploy =
        Lab.stage("Deploy", Lab.approval("Ok")).toBuilder()
            .onFailure(FailureConditions.builder().result(onFailure).build())
            .build();
    return Lab.pipeline(Lab.source(), deploy, Lab.stage("After", Lab.approval("Seen")));
  }

  private String rollback(String stage, String target) {
    String id =
        lab.node
            .call(
                ROLLBACK_STAGE,
                RollbackStageInput.builder()
                    .pipelineName("p")
                    .stageName(stage)
                    .targetPipelineExecutionId(target)
                    .build())
            .pipelineExecutionId();
    lab.node.run();
    return id;
  }

  private void refused(String code, String stage, String target) {
    var e = assertThrows(AwsException.class, () -> rollback(stage, target));
    assertEquals(code, e.code(), e.message());
  }

  @Test
  void aRollbackRunsThatStageAloneOnWhatItsTargetHad() {
    lab.create(pipeline("FAIL"));
    lab.decide("Deploy", "Ok", "Approved");
    String first = lab.executions().getFirst().pipelineExecutionId();
    lab.git.push("main");
    String second = lab.start();
    lab.decide("Deploy", "Ok", "Approved");
    int archives = lab.git.archives;

    String back = rollback("Deploy", first);
    assertEquals("ROLLBACK", lab.state("Deploy").latestExecution().type());
    lab.decide("Deploy", "Ok", "Approved");

    var e = lab.execution(back);
    assertEquals("Succeeded", e.status());
    assertEquals("ROLLBACK", e.executionType());
    assertEquals(first, e.rollbackMetadata().rollbackTargetPipelineExecutionId());
    assertEquals("ManualRollback", e.trigger().triggerType());
    assertEquals(
        lab.execution(first).artifactRevisions().getFirst().revisionId(),
        e.artifactRevisions().getFirst().revisionId());
    assertEquals(archives, lab.git.archives, "no source action ran");
    assertEquals(first, lab.state("After").latestExecution().pipelineExecutionId());
    assertEquals("InProgress", lab.execution(second).status());
    refused("UnableToRollbackStageException", "Deploy", back);
  }

  @Test
  void refusesTargetsAndStagesThatCannotBe() {
    lab.create(pipeline("FAIL"));
    String first = lab.executions().getFirst().pipelineExecutionId();
    refused("UnableToRollbackStageException", "Deploy", first);
    lab.decide("Deploy", "Ok", "Approved");
    refused("UnableToRollbackStageException", "Source", first);
    refused("StageNotFoundException", "Nowhere", first);
    refused("PipelineExecutionNotFoundException", "Deploy", "00000000-0000-0000-0000-000000000000");
    lab.start();
    refused("UnableToRollbackStageException", "Deploy", first);
    lab.decide("Deploy", "Ok", "Rejected");
    lab.node.call(
        UPDATE_PIPELINE, UpdatePipelineInput.builder().pipeline(pipeline("FAIL").build()).build());
    refused("PipelineExecutionOutdatedException", "Deploy", first);
  }

  @Test
  void aFailedStageRollsBackByItselfOnceAndNotFurther() {
    lab.create(pipeline("ROLLBACK"));
    lab.decide("Deploy", "Ok", "Approved");
    String good = lab.executions().getFirst().pipelineExecutionId();
    String bad = lab.start();
    lab.start();
    lab.decide("Deploy", "Ok", "Rejected");

    assertEquals("Failed", lab.execution(bad).status());
    PipelineExecutionSummary back = lab.executions().getFirst();
    assertEquals("AutomatedRollback", back.trigger().triggerType());
    assertEquals(bad, back.trigger().triggerDetail());
    assertEquals(good, back.rollbackMetadata().rollbackTargetPipelineExecutionId());
    // Before the one that was waiting.
    assertEquals(
        back.pipelineExecutionId(), lab.state("Deploy").latestExecution().pipelineExecutionId());
    assertEquals(1, lab.state("Deploy").inboundExecutions().size());

    lab.decide("Deploy", "Ok", "Rejected");
    assertEquals("Failed", lab.execution(back.pipelineExecutionId()).status());
    assertEquals(4, lab.executions().size());
  }

  @Test
  void nothingIsRolledBackToWhereNothingSucceeded() {
    lab.create(pipeline("ROLLBACK"));
    lab.decide("Deploy", "Ok", "Rejected");
    assertEquals(
        List.of("Failed"),
        lab.executions().stream().map(PipelineExecutionSummary::status).toList());
  }
}
