package dev.freeway.codepipeline;

import static dev.freeway.codepipeline.api.CodepipelineApi.CREATE_PIPELINE;
import static dev.freeway.codepipeline.api.CodepipelineApi.GET_PIPELINE_EXECUTION;
import static dev.freeway.codepipeline.api.CodepipelineApi.GET_PIPELINE_STATE;
import static dev.freeway.codepipeline.api.CodepipelineApi.LIST_PIPELINE_EXECUTIONS;
import static dev.freeway.codepipeline.api.CodepipelineApi.PUT_APPROVAL_RESULT;
import static dev.freeway.codepipeline.api.CodepipelineApi.START_PIPELINE_EXECUTION;

import dev.freeway.cloudwatch.Cloudwatch;
import dev.freeway.codebuild.FakeCodebuild;
import dev.freeway.codecommit.FakeCodecommit;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.ActionTypeId;
import dev.freeway.codepipeline.api.ApprovalResult;
import dev.freeway.codepipeline.api.ArtifactStore;
import dev.freeway.codepipeline.api.CreatePipelineInput;
import dev.freeway.codepipeline.api.GetPipelineExecutionInput;
import dev.freeway.codepipeline.api.GetPipelineStateInput;
import dev.freeway.codepipeline.api.InputArtifact;
import dev.freeway.codepipeline.api.ListPipelineExecutionsInput;
import dev.freeway.codepipeline.api.OutputArtifact;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.PipelineExecution;
import dev.freeway.codepipeline.api.PipelineExecutionSummary;
import dev.freeway.codepipeline.api.PutApprovalResultInput;
import dev.freeway.codepipeline.api.StageDeclaration;
import dev.freeway.codepipeline.api.StageState;
import dev.freeway.codepipeline.api.StartPipelineExecutionInput;
import dev.freeway.ecr.Ecr;
import dev.freeway.ecs.FakeEcs;
import dev.freeway.flow.Subscriber;
import dev.freeway.iam.Iam;
import dev.freeway.iam.api.CreateRoleRequest;
import dev.freeway.iam.api.IamApi;
import dev.freeway.kms.Kms;
import dev.freeway.platform.Event;
import dev.freeway.s3.S3;
import dev.freeway.s3.api.CreateBucketRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.sns.Sns;
import dev.freeway.sts.Sts;
import dev.freeway.testkit.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Pipelines in a system of their own: CodeCommit, CodeBuild and ECS played, the others as they
/// are.
final class Lab implements AutoCloseable {
  static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"codepipeline.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";

  FakeCodecommit git;
  FakeEcs ecs;
  FakeCodebuild builds;

  /// What the pipelines have told so far.
  final List<Event> told = new ArrayList<>();

  final TestNode node =
      TestNode.of(
          Iam::new,
          S3::new,
          Sts::new,
          Sns::new,
          Cloudwatch::new,
          Kms::new,
          p -> git = new FakeCodecommit(p),
          p -> ecs = new FakeEcs(p),
          p -> builds = new FakeCodebuild(p),
          Ecr::new,
          p -> {
            p.events().subscribe(new Listener(told));
            return new Codepipeline(p);
          });

  private record Listener(List<Event> told) implements Subscriber<Event> {
    @Override
    public String name() {
      return "lab";
    }

    @Override
    public boolean wants(String topic) {
      return topic.equals("aws.codepipeline");
    }

    @Override
    public void deliver(long number, String topic, Event event) {
      told.add(event);
    }
  }

  Lab() {
    node.call(
        IamApi.CREATE_ROLE,
        CreateRoleRequest.builder().roleName("pipe").assumeRolePolicyDocument(TRUST).build());
    bucket("artifacts");
  }

  void bucket(String name) {
    node.call(S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket(name).build());
  }

  static ActionDeclaration.Builder action(String name, String category, String provider) {
    return ActionDeclaration.builder()
        .name(name)
        .actionTypeId(
            ActionTypeId.builder()
                .category(category)
                .owner("AWS")
                .provider(provider)
                .version("1")
                .build());
  }

  /// Reads the branch main of repo, and does not follow it by itself.
  static StageDeclaration source() {
    return stage(
        "Source",
        action("Code", "Source", "CodeCommit")
            .namespace("src")
            .configuration(
                Map.of(
                    "RepositoryName",
                    "repo",
                    "BranchName",
                    "main",
                    "PollForSourceChanges",
                    "false"))
            .outputArtifacts(List.of(OutputArtifact.builder().name("App").build()))
            .build());
  }

  /// Commands on the source that make an artifact.
  static ActionDeclaration.Builder commands(String... commands) {
    return action("Run", "Compute", "Commands")
        .commands(List.of(commands))
        .inputArtifacts(List.of(InputArtifact.builder().name("App").build()));
  }

  static ActionDeclaration approval(String name) {
    return action(name, "Approval", "Manual").build();
  }

  /// Copies nothing useful, and fails while the bucket does not exist.
  static ActionDeclaration deploy(String name, String bucket) {
    return action(name, "Deploy", "S3")
        .configuration(Map.of("BucketName", bucket, "Extract", "false", "ObjectKey", "app.zip"))
        .inputArtifacts(List.of(InputArtifact.builder().name("App").build()))
        .build();
  }

  static StageDeclaration stage(String name, ActionDeclaration... actions) {
    return StageDeclaration.builder().name(name).actions(List.of(actions)).build();
  }

  static PipelineDeclaration.Builder pipeline(StageDeclaration... stages) {
    return PipelineDeclaration.builder()
        .name("p")
        .roleArn("arn:aws:iam::000000000000:role/pipe")
        .pipelineType("V2")
        .executionMode("QUEUED")
        .artifactStore(ArtifactStore.builder().type("S3").location("artifacts").build())
        .stages(List.of(stages));
  }

  void create(PipelineDeclaration.Builder declaration) {
    createOnly(declaration);
    node.run();
  }

  /// Without running anything.
  void createOnly(PipelineDeclaration.Builder declaration) {
    node.call(CREATE_PIPELINE, CreatePipelineInput.builder().pipeline(declaration.build()).build());
  }

  String start() {
    String id = startOnly();
    node.run();
    return id;
  }

  /// Without running anything.
  String startOnly() {
    return node.call(
            START_PIPELINE_EXECUTION, StartPipelineExecutionInput.builder().name("p").build())
        .pipelineExecutionId();
  }

  /// The newest first.
  List<PipelineExecutionSummary> executions() {
    return node.call(
            LIST_PIPELINE_EXECUTIONS,
            ListPipelineExecutionsInput.builder().pipelineName("p").build())
        .pipelineExecutionSummaries();
  }

  PipelineExecution execution(String id) {
    return node.call(
            GET_PIPELINE_EXECUTION,
            GetPipelineExecutionInput.builder().pipelineName("p").pipelineExecutionId(id).build())
        .pipelineExecution();
  }

  StageState state(String stage) {
    return node
        .call(GET_PIPELINE_STATE, GetPipelineStateInput.builder().name("p").build())
        .stageStates()
        .stream()
        .filter(s -> s.stageName().equals(stage))
        .findFirst()
        .orElseThrow();
  }

  void decide(String stage, String action, String verdict) {
    String token =
        state(stage).actionStates().stream()
            .filter(a -> a.actionName().equals(action))
            .findFirst()
            .orElseThrow()
            .latestExecution()
            .token();
    node.call(
        PUT_APPROVAL_RESULT,
        PutApprovalResultInput.builder()
            .pipelineName("p")
            .stageName(stage)
            .actionName(action)
            .token(token)
            .result(ApprovalResult.builder().status(verdict).summary("said so").build())
            .build());
    node.run();
  }

  @Override
  public void close() {
    node.close();
  }
}
