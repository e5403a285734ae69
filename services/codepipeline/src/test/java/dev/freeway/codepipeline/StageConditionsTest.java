package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.STOP_PIPELINE_EXECUTION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.cloudwatch.api.CloudwatchApi;
import dev.freeway.cloudwatch.api.PutMetricAlarmInput;
import dev.freeway.cloudwatch.api.SetAlarmStateInput;
import dev.freeway.codepipeline.api.BeforeEntryConditions;
import dev.freeway.codepipeline.api.Condition;
import dev.freeway.codepipeline.api.FailureConditions;
import dev.freeway.codepipeline.api.InputArtifact;
import dev.freeway.codepipeline.api.OutputArtifact;
import dev.freeway.codepipeline.api.RetryConfiguration;
import dev.freeway.codepipeline.api.RuleDeclaration;
import dev.freeway.codepipeline.api.RuleTypeId;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.codepipeline.api.StopPipelineExecutionInput;
import dev.freeway.codepipeline.api.SuccessConditions;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The lab's clock starts on a Thursday at midnight, UTC.
class StageConditionsTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private static RuleDeclaration rule(String provider, Map<String, String> configuration) {
    return RuleDeclaration.builder()
        .name("R")
        .ruleTypeId(RuleTypeId.builder().category("Rule").owner("AWS").provider(provider).build())
        .configuration(configuration)
        .timeoutInMinutes(600)
        .build();
  }

  private static RuleDeclaration branchIs(String value) {
    return rule(
        "VariableCheck", Map.of("Variable", "#{src.BranchName}", "Value", value, "Operator", "EQ"));
  }

  private static RuleDeclaration window(String hours) {
    return rule(
        "DeploymentWindow",
        Map.of("Cron", "* * " + hours + " ? * * *", "TimeZone", "Europe/Berlin"));
  }

  private static List<Condition> condition(String result, RuleDeclaration rule) {
    return List.of(Condition.builder().result(result).rules(List.of(rule)).build());
  }

  private static StageDeclaration.Builder hold() {
    return Lab.stage("Hold", Lab.approval("Ok")).toBuilder();
  }

  private void create(StageDeclaration.Builder stage) {
    lab.create(Lab.pipeline(Lab.source(), stage.build(), Lab.stage("End", Lab.approval("Ok"))));
  }

  private static StageDeclaration.Builder entry(String result, RuleDeclaration rule) {
    return hold().beforeEntry(new BeforeEntryConditions(condition(result, rule)));
  }

  private void notMade(String message, StageDeclaration.Builder stage) {
    var p = Lab.pipeline(Lab.source(), stage.build(), Lab.stage("End", Lab.approval("Ok")));
    var e = assertThrows(AwsException.class, () -> lab.createOnly(p));
    assertTrue(e.message().contains(message), e.message());
  }

  private static RuleDeclaration asks(String variable) {
    return rule("VariableCheck", Map.of("Variable", variable, "Value", "x", "Operator", "EQ"));
  }

  @Test
  void aRuleKnowsTheVariablesThatThereAreByThen() {
    notMade("Rule 'R' of stage 'Hold' refers to the variable", entry("FAIL", asks("#{scr.Tag}")));
    notMade("which the pipeline does not declare", entry("FAIL", asks("#{variables.Nope}")));
    var own = Lab.approval("Ok").toBuilder().namespace("own").build();
    notMade(
        "whose namespace no preceding action has",
        Lab.stage("Hold", own).toBuilder()
            .beforeEntry(new BeforeEntryConditions(condition("FAIL", asks("#{own.X}")))));
    create(
        Lab.stage("Hold", own).toBuilder()
            .onSuccess(new SuccessConditions(condition("FAIL", asks("#{own.X}")))));
  }

  @Test
  void aRuleTakesArtifactsThatThereAre() {
    var input = List.of(InputArtifact.builder().name("Nothing").build());
    var commands =
        rule("Commands", Map.of()).toBuilder().commands(List.of("true")).inputArtifacts(input);
    notMade(
        "Input Artifact Bundle Nothing in rule R is not declared", entry("FAIL", commands.build()));
  }

  @Test
  void aRuleCannotTakeAReferenceToClone() {
    var source =
        Lab.action("A", "Source", "CodeCommit")
            .configuration(
                Map.of(
                    "RepositoryName",
                    "repo",
                    "BranchName",
                    "main",
                    "OutputArtifactFormat",
                    "CODEBUILD_CLONE_REF"))
            .outputArtifacts(List.of(OutputArtifact.builder().name("App").build()))
            .build();
    var commands =
        rule("Commands", Map.of()).toBuilder()
            .commands(List.of("true"))
            .inputArtifacts(List.of(InputArtifact.builder().name("App").build()));
    var p = Lab.pipeline(Lab.stage("Source", source), entry("FAIL", commands.build()).build());
    var e = assertThrows(AwsException.class, () -> lab.createOnly(p));
    assertEquals(
        "Rule 'R' of stage 'Hold' cannot take the output artifact of action 'A': only CodeBuild actions can use the output artifact format CODEBUILD_CLONE_REF",
        e.message());
  }

  @Test
  void anEntryConditionThatIsMetLetsIn() {
    create(entry("FAIL", branchIs("main")));
    var state = lab.state("Hold");
    assertEquals("InProgress", state.latestExecution().status());
    var check = state.beforeEntryConditionState();
    assertEquals("Succeeded", check.latestExecution().status());
    assertEquals(
        "'main' EQ 'main' holds",
        check.conditionStates().getFirst().ruleStates().getFirst().latestExecution().summary());
    assertNull(state.onSuccessConditionState());
  }

  @Test
  void otherwiseItsResultFailsOrSkipsTheStage() {
    create(entry("SKIP", branchIs("release")));
    assertEquals("Skipped", lab.state("Hold").latestExecution().status());
    assertEquals("InProgress", lab.state("End").latestExecution().status());
  }

  @Test
  void aFailedEntryConditionFailsTheExecutionWithoutRunningAnAction() {
    create(entry("FAIL", branchIs("release")));
    assertEquals("Failed", lab.executions().getFirst().status());
    assertEquals("Failed", lab.state("Hold").latestExecution().status());
    assertNull(lab.state("Hold").actionStates().getFirst().latestExecution());
  }

  @Test
  void aClosedWindowIsWaitedForUntilItOpens() {
    create(entry("FAIL", window("9-17")));
    assertEquals(
        "InProgress", lab.state("Hold").beforeEntryConditionState().latestExecution().status());
    assertNull(lab.state("Hold").actionStates().getFirst().latestExecution());
    lab.node.advance(Duration.ofMinutes(8 * 60 - 1));
    assertNull(lab.state("Hold").actionStates().getFirst().latestExecution());
    lab.node.advance(Duration.ofMinutes(1));
    assertEquals(
        "InProgress", lab.state("Hold").actionStates().getFirst().latestExecution().status());
  }

  @Test
  void aWindowThatDoesNotOpenInTimeFails() {
    create(entry("FAIL", window("15-17")));
    lab.node.advance(Duration.ofHours(10));
    assertEquals("Failed", lab.executions().getFirst().status());
  }

  @Test
  void whatWaitsForAWindowCanBeStopped() {
    create(entry("FAIL", window("9-17")));
    lab.node.call(
        STOP_PIPELINE_EXECUTION,
        StopPipelineExecutionInput.builder()
            .pipelineName("p")
            .pipelineExecutionId(lab.executions().getFirst().pipelineExecutionId())
            .build());
    lab.node.run();
    assertEquals("Stopped", lab.executions().getFirst().status());
    assertEquals("Stopped", lab.state("Hold").latestExecution().status());
  }

  @Test
  void aSuccessConditionThatIsNotMetRollsBack() {
    // Between 0 and 4 o'clock the first passes; the second misses it and its rule's ten hours.
    create(hold().onSuccess(new SuccessConditions(condition("ROLLBACK", window("0-4")))));
    lab.decide("Hold", "Ok", "Approved");
    String good = lab.executions().getFirst().pipelineExecutionId();
    assertEquals("InProgress", lab.state("End").latestExecution().status());
    String bad = lab.start();
    lab.node.advance(Duration.ofHours(5));
    lab.decide("Hold", "Ok", "Approved");
    assertEquals("InProgress", lab.execution(bad).status());
    lab.node.advance(Duration.ofHours(10));
    assertEquals("Failed", lab.execution(bad).status());
    var back = lab.executions().getFirst();
    assertEquals("AutomatedRollback", back.trigger().triggerType());
    assertEquals(good, back.rollbackMetadata().rollbackTargetPipelineExecutionId());
  }

  private void alarm(String state) {
    lab.node.call(
        CloudwatchApi.PUT_METRIC_ALARM,
        PutMetricAlarmInput.builder()
            .alarmName("a")
            .namespace("App")
            .metricName("errors")
            .statistic("Sum")
            .period(60)
            .evaluationPeriods(1)
            .threshold(1.0)
            .comparisonOperator("GreaterThanThreshold")
            .treatMissingData("ignore")
            .build());
    lab.node.call(
        CloudwatchApi.SET_ALARM_STATE,
        SetAlarmStateInput.builder()
            .alarmName("a")
            .stateValue(state)
            .stateReason("a test")
            .build());
  }

  private static RuleDeclaration quietFor(String minutes) {
    return rule("CloudWatchAlarm", Map.of("AlarmName", "a", "WaitTime", minutes));
  }

  @Test
  void anAlarmThatStaysQuietForTheWaitTimePasses() {
    alarm("OK");
    create(entry("FAIL", quietFor("5")));
    lab.node.advance(Duration.ofMinutes(4));
    assertNull(lab.state("Hold").actionStates().getFirst().latestExecution());
    lab.node.advance(Duration.ofMinutes(1));
    assertEquals(
        "InProgress", lab.state("Hold").actionStates().getFirst().latestExecution().status());
  }

  @Test
  void anAlarmThatRingsInTheMeantimeRollsBack() {
    alarm("OK");
    create(hold().onSuccess(new SuccessConditions(condition("ROLLBACK", quietFor("5")))));
    lab.decide("Hold", "Ok", "Approved");
    lab.node.advance(Duration.ofMinutes(5));
    String good = lab.executions().getFirst().pipelineExecutionId();
    String bad = lab.start();
    lab.decide("Hold", "Ok", "Approved");
    lab.node.advance(Duration.ofMinutes(1));
    assertEquals("InProgress", lab.execution(bad).status());
    alarm("ALARM");
    lab.node.advance(Duration.ofSeconds(10));
    assertEquals("Failed", lab.execution(bad).status());
    assertEquals(
        good, lab.executions().getFirst().rollbackMetadata().rollbackTargetPipelineExecutionId());
  }

  @Test
  void anAlarmThatDoesNotExistFails() {
    create(entry("FAIL", quietFor("0")));
    assertEquals("Failed", lab.executions().getFirst().status());
  }

  @Test
  void aFailureConditionThatIsNotMetRollsBack() {
    create(
        hold()
            .onFailure(
                FailureConditions.builder()
                    .conditions(condition("ROLLBACK", branchIs("x")))
                    .build()));
    lab.decide("Hold", "Ok", "Approved");
    String good = lab.executions().getFirst().pipelineExecutionId();
    lab.start();
    lab.decide("Hold", "Ok", "Rejected");
    assertEquals(
        good, lab.executions().getFirst().rollbackMetadata().rollbackTargetPipelineExecutionId());
  }

  @Test
  void refusesConditionsThatCannotBeEvaluated() {
    refused("FunctionName", entry("FAIL", rule("LambdaInvoke", Map.of())));
    refused("AlarmName", entry("FAIL", rule("CloudWatchAlarm", Map.of())));
    refused(
        "AlarmStates",
        entry("FAIL", rule("CloudWatchAlarm", Map.of("AlarmName", "a", "AlarmStates", "RED"))));
    refused(
        "WaitTime",
        entry("FAIL", rule("CloudWatchAlarm", Map.of("AlarmName", "a", "WaitTime", "soon"))));
    refused("deployment window", entry("FAIL", rule("DeploymentWindow", Map.of("Cron", "* *"))));
    refused(
        "Operator", entry("FAIL", rule("VariableCheck", Map.of("Variable", "v", "Value", "v"))));
    refused("ROLLBACK is not available", entry("ROLLBACK", branchIs("main")));
    refused(
        "retryConfiguration",
        hold()
            .onFailure(
                FailureConditions.builder()
                    .retryConfiguration(new RetryConfiguration("ALL_ACTIONS"))
                    .build()));
  }

  private void refused(String why, StageDeclaration.Builder stage) {
    var e = assertThrows(AwsException.class, () -> create(stage));
    assertEquals("InvalidStageDeclarationException", e.code());
    assertTrue(e.message().contains(why), e.message());
  }
}
