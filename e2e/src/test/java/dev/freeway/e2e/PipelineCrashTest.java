package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.ComputeType;
import software.amazon.awssdk.services.codebuild.model.EnvironmentType;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.ActionCategory;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.ActionOwner;
import software.amazon.awssdk.services.codepipeline.model.ArtifactStoreType;
import software.amazon.awssdk.services.codepipeline.model.InputArtifact;
import software.amazon.awssdk.services.codepipeline.model.OutputArtifact;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/// `kill -9` in the middle of a pipeline's build, driven with the AWS SDK for Java.
class PipelineCrashTest {
  private static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"codebuild.amazonaws.com\"}}]}";
  // Takes eight seconds: the kill falls into the build for certain.
  private static final String BUILDSPEC =
      """
      version: 0.2
      phases:
        pre_build:
          commands:
            - echo before the crash
        build:
          commands:
            - n=0; while [ $n -lt 80 ]; do n=$((n+1)); echo tick $n; sleep 0.1; done
        post_build:
          commands:
            - echo built > result.txt
      artifacts:
        files: [result.txt]
      """;

  private static <B extends AwsClientBuilder<B, C>, C> C client(B builder, FreewayProcess server) {
    return builder
        .endpointOverride(URI.create(server.endpoint()))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("000000000000", "e2e")))
        .build();
  }

  private static byte[] zip(Map<String, String> files) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> e : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void aPipelineGoesOnFromTheInterruptedBuild() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: builds need root for their sandbox");
    try (FreewayProcess server = FreewayProcess.start()) {
      S3Client s3 =
          client(
              S3Client.builder().httpClient(UrlConnectionHttpClient.create()).forcePathStyle(true),
              server);
      IamClient iam =
          client(IamClient.builder().httpClient(UrlConnectionHttpClient.create()), server);
      CodeBuildClient codebuild =
          client(CodeBuildClient.builder().httpClient(UrlConnectionHttpClient.create()), server);
      CodePipelineClient pipelines =
          client(CodePipelineClient.builder().httpClient(UrlConnectionHttpClient.create()), server);
      CloudWatchLogsClient logs =
          client(
              CloudWatchLogsClient.builder().httpClient(UrlConnectionHttpClient.create()), server);
      SsmClient ssm =
          client(SsmClient.builder().httpClient(UrlConnectionHttpClient.create()), server);

      String role =
          iam.createRole(r -> r.roleName("crash").assumeRolePolicyDocument(TRUST)).role().arn();
      for (String bucket : List.of("crash-artifacts", "crash-source", "crash-out")) {
        s3.createBucket(b -> b.bucket(bucket));
      }
      s3.putObject(
          o -> o.bucket("crash-source").key("app.zip"),
          RequestBody.fromBytes(zip(Map.of("buildspec.yml", BUILDSPEC))));
      codebuild.createProject(
          p ->
              p.name("crash")
                  .source(s -> s.type(SourceType.CODEPIPELINE))
                  .artifacts(a -> a.type(ArtifactsType.CODEPIPELINE))
                  .environment(
                      e ->
                          e.type(EnvironmentType.LINUX_CONTAINER)
                              .image("aws/codebuild/standard:7.0")
                              .computeType(ComputeType.BUILD_GENERAL1_SMALL))
                  .serviceRole(role));
      pipelines.createPipeline(
          c ->
              c.pipeline(
                  p ->
                      p.name("crash")
                          .roleArn(role)
                          .artifactStore(
                              a -> a.type(ArtifactStoreType.S3).location("crash-artifacts"))
                          .stages(
                              stage(
                                  "Source",
                                  action(
                                      ActionCategory.SOURCE,
                                      "S3",
                                      Map.of("S3Bucket", "crash-source", "S3ObjectKey", "app.zip"),
                                      null,
                                      "Code")),
                              stage(
                                  "Build",
                                  action(
                                      ActionCategory.BUILD,
                                      "CodeBuild",
                                      Map.of("ProjectName", "crash"),
                                      "Code",
                                      "Built")),
                              stage(
                                  "Deploy",
                                  action(
                                      ActionCategory.DEPLOY,
                                      "S3",
                                      Map.of("BucketName", "crash-out", "Extract", "true"),
                                      "Built",
                                      null)))));
      String build =
          Until.holds(
                  "a build started",
                  () -> codebuild.listBuilds(b -> {}).ids(),
                  ids -> !ids.isEmpty())
              .getFirst();
      Until.holds(
          "the build is in BUILD",
          () -> codebuild.batchGetBuilds(b -> b.ids(build)).builds().getFirst().currentPhase(),
          "BUILD"::equals);
      for (int i = 0; i < 200; i++) {
        int n = i;
        ssm.putParameter(p -> p.name("/crash/" + n).value("v").type(ParameterType.STRING));
      }

      server.kill();
      server.up();

      for (int i = 0; i < 200; i++) {
        int n = i;
        assertEquals("v", ssm.getParameter(p -> p.name("/crash/" + n)).parameter().value());
      }
      String status =
          Until.holds(
              "the execution is over",
              () ->
                  pipelines
                      .listPipelineExecutions(l -> l.pipelineName("crash"))
                      .pipelineExecutionSummaries()
                      .getFirst()
                      .statusAsString(),
              s -> !s.equals("InProgress"));
      assertEquals("Succeeded", status);
      assertEquals(
          List.of(build),
          codebuild.listBuilds(b -> {}).ids(),
          "the build was re-attached, not doubled");
      assertEquals(
          "built\n",
          s3.getObjectAsBytes(o -> o.bucket("crash-out").key("result.txt")).asUtf8String());
      List<String> lines =
          logs
              .getLogEvents(
                  l ->
                      l.logGroupName("/aws/codebuild/crash")
                          .logStreamName(build.substring(build.indexOf(':') + 1))
                          .startFromHead(true))
              .events()
              .stream()
              .map(e -> e.message())
              .toList();
      for (int i = 1; i <= 80; i++) {
        assertTrue(lines.contains("tick " + i), "the log lacks tick " + i + ": " + lines);
      }
      long sources =
          pipelines
              .listActionExecutions(l -> l.pipelineName("crash"))
              .actionExecutionDetails()
              .stream()
              .filter(d -> d.stageName().equals("Source"))
              .count();
      assertEquals(1, sources, "the source had succeeded and does not run again");
    }
  }

  private static StageDeclaration stage(String name, ActionDeclaration action) {
    return StageDeclaration.builder().name(name).actions(action).build();
  }

  private static ActionDeclaration action(
      ActionCategory category,
      String provider,
      Map<String, String> configuration,
      String input,
      String output) {
    return ActionDeclaration.builder()
        .name(provider)
        .actionTypeId(
            t -> t.category(category).owner(ActionOwner.AWS).provider(provider).version("1"))
        .configuration(configuration)
        .inputArtifacts(
            input == null ? List.of() : List.of(InputArtifact.builder().name(input).build()))
        .outputArtifacts(
            output == null ? List.of() : List.of(OutputArtifact.builder().name(output).build()))
        .build();
  }
}
