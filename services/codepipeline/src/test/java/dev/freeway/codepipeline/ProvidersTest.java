package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codepipeline.api.*;
import dev.freeway.s3.api.CreateBucketRequest;
import dev.freeway.s3.api.HeadObjectRequest;
import dev.freeway.s3.api.PutObjectRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.sns.api.SnsApi;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProvidersTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private static StageDeclaration s3() {
    return Lab.stage(
        "Source",
        Lab.action("Obj", "Source", "S3")
            .namespace("src")
            .configuration(
                Map.of(
                    "S3Bucket",
                    "inbox",
                    "S3ObjectKey",
                    "app.zip",
                    "AllowOverrideForS3ObjectKey",
                    "true"))
            .outputArtifacts(List.of(OutputArtifact.builder().name("App").build()))
            .build());
  }

  private void object(String key, String content) {
    lab.node.call(
        S3Api.PUT_OBJECT,
        PutObjectRequest.builder()
            .bucket("inbox")
            .key(key)
            .body(Body.of(content.getBytes()))
            .build());
  }

  private String start(String type, String value) {
    String id =
        lab.node
            .call(
                START_PIPELINE_EXECUTION,
                StartPipelineExecutionInput.builder()
                    .name("p")
                    .sourceRevisions(List.of(new SourceRevisionOverride("Obj", type, value)))
                    .build())
            .pipelineExecutionId();
    lab.node.run();
    return id;
  }

  @Test
  void aChangedObjectStartsThePipelineWithinAMinute() {
    lab.bucket("inbox");
    object("app.zip", "one");
    lab.create(Lab.pipeline(s3(), Lab.stage("Hold", Lab.approval("Ok"))));
    lab.node.advance(Duration.ofMinutes(5));
    assertEquals(1, lab.executions().size());
    object("app.zip", "two");
    lab.node.advance(Duration.ofMinutes(1));
    assertEquals("PollForSourceChanges", lab.executions().getFirst().trigger().triggerType());
    assertEquals(2, lab.executions().size());
  }

  @Test
  void anotherKeyCanBeAskedForWhereTheActionAllowsIt() {
    lab.bucket("inbox");
    object("app.zip", "one");
    object("other.zip", "other");
    lab.create(Lab.pipeline(s3(), Lab.stage("Hold", Lab.approval("Ok"))));
    start("S3_OBJECT_KEY", "other.zip");
    var detail =
        lab.node
            .call(
                LIST_ACTION_EXECUTIONS,
                ListActionExecutionsInput.builder().pipelineName("p").build())
            .actionExecutionDetails();
    assertTrue(
        detail.stream()
            .filter(d -> d.actionName().equals("Obj"))
            .anyMatch(d -> "other.zip".equals(d.output().outputVariables().get("ObjectKey"))));
    assertThrows(AwsException.class, () -> start("COMMIT_ID", "abc"));
  }

  @Test
  void anApprovalTellsItsTopicAndFailsWithoutOne() {
    var topic =
        lab.node
            .call(
                SnsApi.CREATE_TOPIC,
                dev.freeway.sns.api.CreateTopicInput.builder().name("approvals").build())
            .topicArn();
    var asks =
        Lab.approval("Ok").toBuilder().configuration(Map.of("NotificationArn", topic)).build();
    lab.create(Lab.pipeline(Lab.source(), Lab.stage("Hold", asks)));
    assertEquals("InProgress", lab.executions().getFirst().status());
    lab.node.call(
        SnsApi.DELETE_TOPIC,
        dev.freeway.sns.api.DeleteTopicInput.builder().topicArn(topic).build());
    lab.decide("Hold", "Ok", "Rejected");
    String id = lab.start();
    assertEquals("Failed", lab.execution(id).status());
  }

  @Test
  void anApprovalThatNobodyGivesTimesOutOnTime() {
    var short_ = Lab.approval("Ok").toBuilder().timeoutInMinutes(5).build();
    lab.create(Lab.pipeline(Lab.source(), Lab.stage("Hold", short_)));
    lab.node.advance(Duration.ofMinutes(5).plusSeconds(1));
    assertEquals("Failed", lab.executions().getFirst().status());
  }

  @Test
  void aPipelineStartsAnotherOnce() {
    lab.create(
        Lab.pipeline(Lab.source(), Lab.stage("Hold", Lab.approval("Ok")))
            .name("other")
            .variables(
                List.of(
                    PipelineVariableDeclaration.builder().name("V").defaultValue("x").build())));
    lab.create(
        Lab.pipeline(
            Lab.source(),
            Lab.stage(
                "Start",
                Lab.action("Go", "Invoke", "CodePipeline")
                    .configuration(
                        Map.of(
                            "PipelineName",
                            "other",
                            "Variables",
                            "[{\"name\":\"V\",\"value\":\"#{src.BranchName}\"}]",
                            "SourceRevisions",
                            "[{\"actionName\":\"Code\",\"revisionType\":\"COMMIT_ID\",\"revisionValue\":\"#{src.CommitId}\"}]"))
                    .build())));
    assertEquals("Succeeded", lab.executions().getFirst().status());
    var started =
        lab.node
            .call(
                LIST_PIPELINE_EXECUTIONS,
                ListPipelineExecutionsInput.builder().pipelineName("other").build())
            .pipelineExecutionSummaries();
    assertEquals(2, started.size());
    var newest =
        lab.node
            .call(
                GET_PIPELINE_EXECUTION,
                new GetPipelineExecutionInput("other", started.getFirst().pipelineExecutionId()))
            .pipelineExecution();
    assertEquals("main", newest.variables().getFirst().resolvedValue());
  }

  @Test
  void anActionInAnotherRegionFindsItsArtifactsInThatRegionsBucket() {
    var there = new dev.freeway.platform.Scope("000000000000", "eu-west-1");
    lab.node
        .platform()
        .clients()
        .call(
            lab.node.call(there),
            S3Api.CREATE_BUCKET,
            CreateBucketRequest.builder()
                .bucket("artifacts-eu")
                .createBucketConfiguration(
                    dev.freeway.s3.api.CreateBucketConfiguration.builder()
                        .locationConstraint("eu-west-1")
                        .build())
                .build());
    lab.bucket("out");
    lab.create(
        Lab.pipeline(
                Lab.source(),
                Lab.stage(
                    "Ship", Lab.deploy("Ship", "out").toBuilder().region("eu-west-1").build()))
            .artifactStore(null)
            .artifactStores(
                Map.of(
                    "us-east-1",
                    ArtifactStore.builder().type("S3").location("artifacts").build(),
                    "eu-west-1",
                    ArtifactStore.builder().type("S3").location("artifacts-eu").build())));
    assertEquals("Succeeded", lab.executions().getFirst().status());
    var ship =
        lab
            .node
            .call(
                LIST_ACTION_EXECUTIONS,
                ListActionExecutionsInput.builder().pipelineName("p").build())
            .actionExecutionDetails()
            .stream()
            .filter(d -> d.actionName().equals("Ship"))
            .findFirst()
            .orElseThrow();
    var taken = ship.input().inputArtifacts().getFirst().s3location();
    assertEquals("artifacts-eu", taken.bucket());
    lab.node.call(
        S3Api.HEAD_OBJECT,
        HeadObjectRequest.builder().bucket("artifacts-eu").key(taken.key()).build());
  }

  @Test
  void anActionOfARoleThatDoesNotExistElsewhereFails() {
    lab.bucket("out");
    lab.create(
        Lab.pipeline(
            Lab.source(),
            Lab.stage(
                "Ship",
                Lab.deploy("Ship", "out").toBuilder()
                    .roleArn("arn:aws:iam::111111111111:role/nobody")
                    .build())));
    var error = lab.state("Ship").actionStates().getFirst().latestExecution().errorDetails();
    assertEquals("PermissionError", error.code());
  }

  @Test
  void aRevisionOfACustomSourceStartsOnce() {
    lab.create(Lab.pipeline(Lab.source(), Lab.stage("Hold", Lab.approval("Ok"))));
    String commit = lab.git.push("main");
    var put =
        PutActionRevisionInput.builder()
            .pipelineName("p")
            .stageName("Source")
            .actionName("Code")
            .actionRevision(
                ActionRevision.builder()
                    .revisionId(commit)
                    .revisionChangeId("c1")
                    .created(lab.node.call().at())
                    .build())
            .build();
    var first = lab.node.call(PUT_ACTION_REVISION, put);
    var second = lab.node.call(PUT_ACTION_REVISION, put);
    assertTrue(first.newRevision());
    assertTrue(!second.newRevision());
    assertEquals(first.pipelineExecutionId(), second.pipelineExecutionId());
  }
}
