package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.ArtifactPackaging;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildBatch;
import software.amazon.awssdk.services.codebuild.model.CacheType;
import software.amazon.awssdk.services.codebuild.model.ComputeType;
import software.amazon.awssdk.services.codebuild.model.EnvironmentType;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;

/// Builds, batches and `freeway build`, driven as users do.
class CodeBuildTest {
  private static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"codebuild.amazonaws.com\"}}]}";
  private static final String WHOLE =
      """
      version: 0.2
      env:
        shell: bash
        variables: {WHO: cats}
        exported-variables: [COUNT]
      phases:
        build:
          commands:
            - echo seen >> /root/.kept/seen || { mkdir -p /root/.kept; echo seen >> /root/.kept/seen; }
            - COUNT=$(wc -l < /root/.kept/seen)
            - mkdir -p out /tmp/reports; echo $WHO > out/who.txt
            - |
              echo '<testsuite name="s"><testcase classname="C" name="good" time="1"/><testcase classname="C" name="bad"><failure message="no"/></testcase></testsuite>' > /tmp/reports/t.xml
      reports:
        unit: {files: ['*.xml'], base-directory: /tmp/reports}
      artifacts:
        files: ['**/*']
        base-directory: out
        name: app-$WHO-$COUNT
      cache: {paths: ['/root/.kept/**/*']}
      """;
  private static final String BATCH =
      """
      version: 0.2
      batch:
        build-graph:
          - {identifier: first, env: {variables: {CODE: '0'}}}
          - {identifier: shaky, env: {variables: {CODE: '1'}}, ignore-failure: true, depend-on: [first]}
          - {identifier: last, env: {variables: {CODE: '0'}}, depend-on: [shaky]}
      phases: {build: {commands: ['exit $CODE']}}
      """;

  @TempDir Path folder;

  @BeforeEach
  void root() {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: builds need root for their sandbox");
  }

  private static <B extends AwsClientBuilder<B, C>, C> C client(B builder, FreewayProcess server) {
    return builder
        .endpointOverride(URI.create(server.endpoint()))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("000000000000", "e2e")))
        .build();
  }

  private static Build build(CodeBuildClient codebuild, String project) throws Exception {
    String id = codebuild.startBuild(b -> b.projectName(project)).build().id();
    return Until.holds(
        "build of " + project + " is over",
        () -> codebuild.batchGetBuilds(b -> b.ids(id)).builds().getFirst(),
        Build::buildComplete);
  }

  @Test
  void aBuildspecsReportsArtifactsAndCacheArriveWhereTheyBelong() throws Exception {
    try (FreewayProcess server = FreewayProcess.start()) {
      var http = UrlConnectionHttpClient.create();
      S3Client s3 = client(S3Client.builder().httpClient(http).forcePathStyle(true), server);
      CodeBuildClient codebuild = client(CodeBuildClient.builder().httpClient(http), server);
      IamClient iam = client(IamClient.builder().httpClient(http), server);
      String role =
          iam.createRole(r -> r.roleName("builds").assumeRolePolicyDocument(TRUST)).role().arn();
      s3.createBucket(b -> b.bucket("out"));
      project(codebuild, role, "whole", WHOLE);
      Build first = build(codebuild, "whole");
      assertEquals("SUCCEEDED", first.buildStatusAsString());
      assertEquals("arn:aws:s3:::out/app-cats-1", first.artifacts().location());
      assertEquals("1", first.exportedEnvironmentVariables().getFirst().value());
      var report = codebuild.batchGetReports(r -> r.reportArns(first.reportArns())).reports();
      assertEquals("FAILED", report.getFirst().statusAsString());
      assertEquals(
          List.of("good SUCCEEDED", "bad FAILED"),
          codebuild
              .describeTestCases(d -> d.reportArn(first.reportArns().getFirst()))
              .testCases()
              .stream()
              .map(t -> t.name() + " " + t.status())
              .toList());
      assertEquals(
          "arn:aws:s3:::out/app-cats-2",
          build(codebuild, "whole").artifacts().location(),
          "the second build had the first one's cache");

      project(codebuild, role, "batch", BATCH);
      String id =
          codebuild
              .startBuildBatch(
                  b -> b.projectName("batch").buildBatchConfigOverride(c -> c.serviceRole(role)))
              .buildBatch()
              .id();
      BuildBatch batch =
          Until.holds(
              "the batch is over",
              () -> codebuild.batchGetBuildBatches(b -> b.ids(id)).buildBatches().getFirst(),
              BuildBatch::complete);
      assertEquals("SUCCEEDED", batch.buildBatchStatusAsString());
      assertEquals(
          "first SUCCEEDED, shaky FAILED, last SUCCEEDED",
          batch.buildGroups().stream()
              .map(g -> g.identifier() + " " + g.currentBuildSummary().buildStatusAsString())
              .collect(Collectors.joining(", ")));
    }
  }

  private static void project(CodeBuildClient codebuild, String role, String name, String spec) {
    ProjectArtifacts artifacts =
        name.equals("whole")
            ? ProjectArtifacts.builder()
                .type(ArtifactsType.S3)
                .location("out")
                .packaging(ArtifactPackaging.ZIP)
                .overrideArtifactName(true)
                .build()
            : ProjectArtifacts.builder().type(ArtifactsType.NO_ARTIFACTS).build();
    codebuild.createProject(
        p ->
            p.name(name)
                .source(s -> s.type(SourceType.NO_SOURCE).buildspec(spec))
                .artifacts(artifacts)
                .cache(c -> c.type(CacheType.S3).location("out/cache"))
                .environment(
                    e ->
                        e.type(EnvironmentType.LINUX_CONTAINER)
                            .image("aws/codebuild/standard:7.0")
                            .computeType(ComputeType.BUILD_GENERAL1_SMALL))
                .serviceRole(role));
  }

  @Test
  void aFolderIsBuiltWithoutAServer() throws Exception {
    Path source = Files.createDirectories(folder.resolve("source"));
    Files.writeString(
        source.resolve("buildspec.yml"),
        "version: 0.2\nphases: {build: {commands: ['echo hello $WHO', 'echo made > made.txt', 'exit $CODE']}}\nartifacts: {files: [made.txt]}\n");
    Path out = folder.resolve("out");
    String freeway = Path.of("..").toAbsolutePath().normalize().resolve("freeway").toString();
    List<String> words =
        List.of(freeway, "build", "--data", folder.resolve("data").toString(), "-e", "WHO=cats");
    Commands.Result good = run(words, "CODE=0", "--artifacts", out.toString(), source.toString());
    assertEquals(0, good.code(), good.output());
    assertTrue(good.output().lines().anyMatch("hello cats"::equals), good.output());
    assertEquals("made\n", Files.readString(out.resolve("made.txt")));
    assertTrue(Files.notExists(source.resolve("made.txt")), "the folder itself is not touched");
    assertEquals(1, run(words, "CODE=3", source.toString()).code());
  }

  private Commands.Result run(List<String> words, String code, String... more) throws Exception {
    List<String> all = new java.util.ArrayList<>(words);
    all.addAll(List.of("-e", code));
    all.addAll(List.of(more));
    return Commands.in(folder).run(all.toArray(String[]::new));
  }
}
