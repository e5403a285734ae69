package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codebuild.api.ExportedEnvironmentVariable;
import dev.freeway.codepipeline.api.*;
import dev.freeway.s3.api.PutObjectRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Commands as actions and as rules of conditions.
class OwnBuildsTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void over(String status) {
    lab.builds.status = status;
    lab.node.advance(Duration.ofSeconds(11));
  }

  private static ActionDeclaration make() {
    return Lab.commands("echo #{src.BranchName}", "./make")
        .namespace("made")
        .outputVariables(List.of("VERSION"))
        .environmentVariables(
            List.of(new EnvironmentVariable("B", "#{src.BranchName}", "PLAINTEXT")))
        .outputArtifacts(
            List.of(OutputArtifact.builder().name("Out").files(List.of("out/*")).build()))
        .build();
  }

  private static RuleDeclaration gate() {
    return RuleDeclaration.builder()
        .name("Scan")
        .ruleTypeId(RuleTypeId.builder().category("Rule").owner("AWS").provider("Commands").build())
        .commands(List.of("./scan"))
        .inputArtifacts(List.of(InputArtifact.builder().name("App").build()))
        .build();
  }

  private static StageDeclaration guarded(String result) {
    return Lab.stage("Hold", Lab.approval("Ok")).toBuilder()
        .beforeEntry(
            new BeforeEntryConditions(
                List.of(Condition.builder().result(result).rules(List.of(gate())).build())))
        .build();
  }

  private static ActionDeclaration ship() {
    return Lab.deploy("Ship", "out").toBuilder()
        .inputArtifacts(List.of(InputArtifact.builder().name("Out").build()))
        .build();
  }

  @Test
  void commandsRunAsABuildOfThePipelinesOwn() {
    lab.builds.exported = List.of(new ExportedEnvironmentVariable("VERSION", "7"));
    lab.create(
        Lab.pipeline(
            Lab.source(),
            Lab.stage("Make", make()),
            Lab.stage(
                "End",
                Lab.approval("Ok").toBuilder()
                    .configuration(Map.of("CustomData", "#{made.VERSION}"))
                    .build())));
    assertEquals(List.of("codepipeline-p"), lab.builds.projects);
    var build = lab.builds.started.getFirst();
    assertTrue(build.buildspecOverride().contains("echo main"), build.buildspecOverride());
    assertTrue(build.buildspecOverride().contains("out/*"));
    assertEquals("/aws/codepipeline/p", build.logsConfigOverride().cloudWatchLogs().groupName());
    assertEquals("main", build.environmentVariablesOverride().getLast().value());
    over("SUCCEEDED");
    assertEquals("7", lab.state("End").actionStates().getFirst().latestExecution().summary());
  }

  @Test
  void anArtifactThatIsNotTheOneThatWasMadeIsRefused() {
    lab.bucket("out");
    lab.create(
        Lab.pipeline(
            Lab.source(),
            Lab.stage("Make", make()),
            Lab.stage("Hold", Lab.approval("Ok")),
            Lab.stage("Ship", ship())));
    var place = lab.builds.started.getFirst().artifactsOverride();
    over("SUCCEEDED");
    lab.node.call(
        S3Api.PUT_OBJECT,
        PutObjectRequest.builder()
            .bucket(place.location())
            .key(place.path() + "/" + place.name())
            .body(Body.of("other".getBytes(StandardCharsets.UTF_8)))
            .build());
    lab.decide("Hold", "Ok", "Approved");
    var error = lab.state("Ship").actionStates().getFirst().latestExecution().errorDetails();
    assertTrue(
        error.message().contains("is not the one that this execution made"), error.message());
  }

  @Test
  void aRuleThatFailsKeepsTheExecutionOutAndCanBeOverridden() {
    lab.create(Lab.pipeline(Lab.source(), guarded("FAIL")));
    assertEquals(1, lab.builds.started.size());
    assertEquals("InProgress", lab.executions().getFirst().status());
    over("FAILED");
    String id = lab.executions().getFirst().pipelineExecutionId();
    assertEquals("Failed", lab.execution(id).status());
    var rule =
        lab.node
            .call(LIST_RULE_EXECUTIONS, ListRuleExecutionsInput.builder().pipelineName("p").build())
            .ruleExecutionDetails()
            .getFirst();
    assertEquals("Failed", rule.status());
    assertEquals("p:1", rule.output().executionResult().externalExecutionId());
    override(id, "BEFORE_ENTRY");
    lab.node.run();
    assertEquals("InProgress", lab.execution(id).status());
    assertEquals(
        "Overridden", lab.state("Hold").beforeEntryConditionState().latestExecution().status());
    lab.decide("Hold", "Ok", "Approved");
    assertEquals("Succeeded", lab.execution(id).status());
    assertThrows(AwsException.class, () -> override(id, "BEFORE_ENTRY"));
  }

  private void override(String id, String type) {
    lab.node.call(OVERRIDE_STAGE_CONDITION, new OverrideStageConditionInput("p", "Hold", id, type));
  }

  @Test
  void aRuleThatSucceedsLetsIn() {
    lab.create(Lab.pipeline(Lab.source(), guarded("SKIP")));
    over("SUCCEEDED");
    assertEquals(
        "InProgress", lab.state("Hold").actionStates().getFirst().latestExecution().status());
  }

  @Test
  void anExecutionThatIsStoppedGivesItsRuleUp() {
    lab.create(Lab.pipeline(Lab.source(), guarded("FAIL")));
    lab.node.call(
        STOP_PIPELINE_EXECUTION,
        StopPipelineExecutionInput.builder()
            .pipelineName("p")
            .pipelineExecutionId(lab.executions().getFirst().pipelineExecutionId())
            .build());
    over("SUCCEEDED");
    assertEquals("Stopped", lab.executions().getFirst().status());
  }

  @Test
  void aFailureThatIsToBeSkippedLetsTheNextStageRun() {
    lab.create(
        Lab.pipeline(
            Lab.source(),
            Lab.stage("Make", make()).toBuilder()
                .onFailure(FailureConditions.builder().result("SKIP").build())
                .build(),
            Lab.stage("End", Lab.approval("Ok"))));
    over("FAILED");
    assertEquals("Skipped", lab.state("Make").latestExecution().status());
    assertEquals("InProgress", lab.state("End").latestExecution().status());
  }
}
