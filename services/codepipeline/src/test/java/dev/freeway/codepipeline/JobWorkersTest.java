package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codepipeline.api.*;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobWorkersTest {
  private static final ActionTypeId TYPE = new ActionTypeId("Test", "Custom", "Jenkins", "1");
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void type() {
    lab.node.call(
        CREATE_CUSTOM_ACTION_TYPE,
        CreateCustomActionTypeInput.builder()
            .category("Test")
            .provider("Jenkins")
            .version("1")
            .settings(
                ActionTypeSettings.builder()
                    .executionUrlTemplate("https://ci/{Config:Project}/{ExternalExecutionId}")
                    .build())
            .configurationProperties(
                List.of(
                    ActionConfigurationProperty.builder()
                        .name("Project")
                        .required(true)
                        .key(true)
                        .secret(false)
                        .queryable(true)
                        .build()))
            .inputArtifactDetails(new ArtifactDetails(1, 1))
            .outputArtifactDetails(new ArtifactDetails(0, 1))
            .build());
  }

  private static ActionDeclaration.Builder action(Map<String, String> configuration) {
    return ActionDeclaration.builder()
        .name("Check")
        .namespace("ci")
        .actionTypeId(TYPE)
        .configuration(configuration)
        .inputArtifacts(List.of(InputArtifact.builder().name("App").build()));
  }

  private void pipeline() {
    type();
    lab.create(
        Lab.pipeline(
            Lab.source(),
            Lab.stage("Test", action(Map.of("Project", "p-#{src.BranchName}")).build()),
            Lab.stage(
                "End",
                Lab.approval("Ok").toBuilder()
                    .configuration(Map.of("CustomData", "#{ci.Score}"))
                    .build())));
  }

  private List<Job> poll(Map<String, String> query) {
    return lab.node
        .call(
            POLL_FOR_JOBS, PollForJobsInput.builder().actionTypeId(TYPE).queryParam(query).build())
        .jobs();
  }

  private Job acknowledged() {
    Job job = poll(null).getFirst();
    lab.node.call(ACKNOWLEDGE_JOB, new AcknowledgeJobInput(job.id(), job.nonce()));
    return job;
  }

  private static PutJobSuccessResultInput.Builder success(Job job) {
    return PutJobSuccessResultInput.builder().jobId(job.id());
  }

  @Test
  void aWorkerIsToldWhereTheArtifactsAreAndItsVariablesComeBack() {
    pipeline();
    assertTrue(poll(Map.of("Project", "other")).isEmpty());
    Job job = poll(Map.of("Project", "p-main")).getFirst();
    assertTrue(poll(null).isEmpty(), "it is with the first worker");
    JobData data = job.data();
    assertEquals("p-main", data.actionConfiguration().configuration().get("Project"));
    assertEquals("Test", data.pipelineContext().stage().name());
    assertEquals(
        "artifacts", data.inputArtifacts().getFirst().location().s3Location().bucketName());
    assertTrue(data.artifactCredentials().sessionToken().length() > 10);
    assertEquals(
        "InProgress",
        lab.node.call(ACKNOWLEDGE_JOB, new AcknowledgeJobInput(job.id(), job.nonce())).status());
    lab.node.call(
        PUT_JOB_SUCCESS_RESULT,
        success(job)
            .outputVariables(Map.of("Score", "97"))
            .executionDetails(new ExecutionDetails("all green", "42", 100))
            .build());
    lab.node.run();
    assertEquals("Succeeded", lab.state("Test").latestExecution().status());
    assertEquals("97", lab.state("End").actionStates().getFirst().latestExecution().summary());
  }

  @Test
  void aContinuationIsANewJobWithTheToken() {
    pipeline();
    Job first = acknowledged();
    lab.node.call(
        PUT_JOB_SUCCESS_RESULT,
        success(first)
            .continuationToken("page-2")
            .executionDetails(new ExecutionDetails("half", "42", 50))
            .build());
    lab.node.run();
    var shown = lab.state("Test").actionStates().getFirst().latestExecution();
    assertEquals("InProgress", shown.status());
    assertEquals("https://ci/p-main/42", shown.externalExecutionUrl());
    Job second = acknowledged();
    assertEquals("page-2", second.data().continuationToken());
    assertTrue(!second.id().equals(first.id()));
  }

  @Test
  void aFailureFailsTheActionWithItsReason() {
    pipeline();
    Job job = acknowledged();
    lab.node.call(
        PUT_JOB_FAILURE_RESULT,
        new PutJobFailureResultInput(
            job.id(),
            FailureDetails.builder().type("ConfigurationError").message("no agent").build()));
    lab.node.run();
    var error = lab.state("Test").actionStates().getFirst().latestExecution().errorDetails();
    assertEquals("ConfigurationError", error.code());
    assertEquals("no agent", error.message());
    var again =
        assertThrows(
            AwsException.class, () -> lab.node.call(PUT_JOB_SUCCESS_RESULT, success(job).build()));
    assertEquals("InvalidJobStateException", again.code());
  }

  @Test
  void aJobThatNobodyAcknowledgesIsHandedOutAgainAndTheOldNonceIsWorthless() {
    pipeline();
    Job first = poll(null).getFirst();
    lab.node.advance(Duration.ofMinutes(2));
    Job second = poll(null).getFirst();
    assertEquals(first.id(), second.id());
    var stale =
        assertThrows(
            AwsException.class,
            () ->
                lab.node.call(ACKNOWLEDGE_JOB, new AcknowledgeJobInput(first.id(), first.nonce())));
    assertEquals("InvalidNonceException", stale.code());
  }

  @Test
  void aJobThatTakesTooLongFailsTheAction() {
    type();
    lab.create(
        Lab.pipeline(
            Lab.source(),
            Lab.stage("Test", action(Map.of("Project", "p")).timeoutInMinutes(10).build())));
    Job job = acknowledged();
    lab.node.advance(Duration.ofMinutes(61));
    assertEquals("Failed", lab.executions().getFirst().status());
    assertThrows(
        AwsException.class, () -> lab.node.call(PUT_JOB_SUCCESS_RESULT, success(job).build()));
  }

  @Test
  void theConfigurationIsCheckedAgainstTheType() {
    type();
    for (Map<String, String> bad :
        List.of(Map.<String, String>of(), Map.of("Project", "p", "X", "y"))) {
      var e =
          assertThrows(
              AwsException.class,
              () -> lab.create(Lab.pipeline(Lab.source(), Lab.stage("T", action(bad).build()))));
      assertEquals("InvalidActionDeclarationException", e.code());
    }
    lab.node.call(
        DELETE_CUSTOM_ACTION_TYPE, new DeleteCustomActionTypeInput("Test", "Jenkins", "1"));
    assertEquals(
        "ActionTypeNotFoundException", assertThrows(AwsException.class, () -> poll(null)).code());
    assertThrows(AwsException.class, this::type, "a deleted version cannot come again");
  }

  @Test
  void aPartnersJobIsForWhoKnowsTheClientToken() {
    ActionTypeId id = new ActionTypeId("Test", "ThirdParty", "Scanner", "1");
    lab.node.call(
        UPDATE_ACTION_TYPE,
        new UpdateActionTypeInput(
            ActionTypeDeclaration.builder()
                .id(new ActionTypeIdentifier("Test", "ThirdParty", "Scanner", "1"))
                .executor(
                    ActionTypeExecutor.builder()
                        .type("JobWorker")
                        .configuration(
                            ExecutorConfiguration.builder()
                                .jobWorkerExecutorConfiguration(
                                    JobWorkerExecutorConfiguration.builder()
                                        .pollingAccounts(List.of("000000000000"))
                                        .build())
                                .build())
                        .build())
                .inputArtifactDetails(new ActionTypeArtifactDetails(0, 1))
                .outputArtifactDetails(new ActionTypeArtifactDetails(0, 0))
                .build()));
    lab.create(
        Lab.pipeline(
            Lab.source(),
            Lab.stage("Scan", ActionDeclaration.builder().name("Scan").actionTypeId(id).build())));
    String job =
        lab.node
            .call(
                POLL_FOR_THIRD_PARTY_JOBS,
                PollForThirdPartyJobsInput.builder().actionTypeId(id).build())
            .jobs()
            .getFirst()
            .jobId();
    assertThrows(
        AwsException.class,
        () ->
            lab.node.call(GET_THIRD_PARTY_JOB_DETAILS, new GetThirdPartyJobDetailsInput(job, "x")));
    var details =
        lab.node
            .call(
                GET_THIRD_PARTY_JOB_DETAILS, new GetThirdPartyJobDetailsInput(job, "000000000000"))
            .jobDetails();
    lab.node.call(
        ACKNOWLEDGE_THIRD_PARTY_JOB,
        new AcknowledgeThirdPartyJobInput(job, details.nonce(), "000000000000"));
    lab.node.call(
        PUT_THIRD_PARTY_JOB_SUCCESS_RESULT,
        PutThirdPartyJobSuccessResultInput.builder()
            .jobId(job)
            .clientToken("000000000000")
            .build());
    lab.node.run();
    assertEquals("Succeeded", lab.executions().getFirst().status());
  }
}
