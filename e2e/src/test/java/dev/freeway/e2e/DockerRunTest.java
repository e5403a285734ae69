package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.ComputeType;
import software.amazon.awssdk.services.codebuild.model.EnvironmentType;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.iam.IamClient;

/// Integration tests in a buildspec: an image is built, and its containers are tried out, in
/// privileged builds and without a Docker engine.
class DockerRunTest {
  private static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"codebuild.amazonaws.com\"}}]}";
  private static final String SERVES =
      """
      version: 0.2
      env: {shell: bash}
      phases:
        build:
          commands:
            - echo served > hello.txt
            - printf 'FROM freeway/java:%s\\nCOPY hello.txt /www/\\nCMD ["java","-m","jdk.httpserver","-b","0.0.0.0","-p","8080","-d","/www"]\\n' VERSION > Dockerfile
            - docker build -t web .
            - docker run -d --name web -p 8080:8080 web
            - |
              for i in $(seq 100); do
                if { exec 3<>/dev/tcp/localhost/8080; } 2>/dev/null; then
                  printf 'GET /hello.txt HTTP/1.0\\r\\n\\r\\n' >&3
                  grep -x served <&3 && break
                fi
                sleep 0.2
              done
            - echo "requests $(docker logs web | grep -c 'GET /hello.txt')"
            - docker stop web
            - echo "running $(docker inspect -f '{{.State.Running}}' web)"
      """
          .replace("VERSION", Integer.toString(Runtime.version().feature()));
  private static final String FAILS =
      """
      version: 0.2
      phases:
        build:
          commands:
            - docker run --rm freeway/base:1 sh -c 'echo two tests failed; exit 3'
            - echo not reached
      """;
  private static final String GOES_ON =
      """
      version: 0.2
      phases:
        build:
          commands:
            - docker run -d --name beside freeway/base:1 sleep 86397
            - docker run --rm -v $PWD:/w freeway/base:1 sh -c 'echo once >> /w/begun; echo tests begin; sleep 6; echo tests end'
            - echo "begun $(wc -l < begun)"
            - docker inspect -f 'beside {{.State.Running}}' beside
      """;
  private static final String HANGS =
      """
      version: 0.2
      phases: {build: {commands: ['docker run freeway/base:1 sh -c "echo hangs; sleep 86398"']}}
      """;

  private FreewayProcess server;
  private CodeBuildClient codebuild;
  private CloudWatchLogsClient logs;
  private String role;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: builds need root for their sandbox");
    server = FreewayProcess.start();
    var http = UrlConnectionHttpClient.create();
    codebuild = client(CodeBuildClient.builder().httpClient(http));
    logs = client(CloudWatchLogsClient.builder().httpClient(http));
    role =
        client(IamClient.builder().httpClient(http))
            .createRole(r -> r.roleName("builds").assumeRolePolicyDocument(TRUST))
            .role()
            .arn();
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
    return builder
        .endpointOverride(URI.create(server.endpoint()))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("000000000000", "e2e")))
        .build();
  }

  private String begin(String project, String spec, boolean privileged) {
    codebuild.createProject(
        p ->
            p.name(project)
                .source(s -> s.type(SourceType.NO_SOURCE).buildspec(spec))
                .artifacts(a -> a.type(ArtifactsType.NO_ARTIFACTS))
                .environment(
                    e ->
                        e.type(EnvironmentType.LINUX_CONTAINER)
                            .image("aws/codebuild/standard:7.0")
                            .computeType(ComputeType.BUILD_GENERAL1_SMALL)
                            .privilegedMode(privileged))
                .serviceRole(role));
    return codebuild.startBuild(b -> b.projectName(project)).build().id();
  }

  private Build over(String id) throws Exception {
    return Until.holds(
        "build " + id + " is over",
        () -> codebuild.batchGetBuilds(b -> b.ids(id)).builds().getFirst(),
        Build::buildComplete);
  }

  private String log(String id) {
    var where = codebuild.batchGetBuilds(b -> b.ids(id)).builds().getFirst().logs();
    try {
      return logs
          .getLogEvents(l -> l.logGroupName(where.groupName()).logStreamName(where.streamName()))
          .events()
          .stream()
          .map(OutputLogEvent::message)
          .collect(Collectors.joining("\n"));
    } catch (ResourceNotFoundException notYet) {
      return "";
    }
  }

  private void says(String id, String line) throws Exception {
    Until.holds(id + " says " + line, () -> log(id), log -> log.lines().anyMatch(line::equals));
  }

  private static boolean runs(String command) {
    return ProcessHandle.allProcesses()
        .anyMatch(p -> p.info().commandLine().orElse("").endsWith(command));
  }

  @Test
  void theImageThatWasBuiltIsTriedOut() throws Exception {
    String serves = begin("serves", SERVES, true);
    String fails = begin("fails", FAILS, true);
    assertEquals("SUCCEEDED", over(serves).buildStatusAsString(), () -> log(serves));
    says(serves, "served");
    says(serves, "requests 1");
    says(serves, "running false");
    assertEquals("FAILED", over(fails).buildStatusAsString());
    says(fails, "two tests failed");
    assertTrue(log(fails).lines().noneMatch("not reached"::equals));
    String unprivileged = begin("unprivileged", FAILS, false);
    assertEquals("FAILED", over(unprivileged).buildStatusAsString());
    says(
        unprivileged,
        "docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?");
  }

  @Test
  void containersOutliveFreewayAndNotTheirBuild() throws Exception {
    String goesOn = begin("goes-on", GOES_ON, true);
    says(goesOn, "tests begin");
    assertTrue(runs("sleep 86397"), "the container beside");
    server.kill();
    server.up();
    assertEquals("SUCCEEDED", over(goesOn).buildStatusAsString(), () -> log(goesOn));
    says(goesOn, "tests end");
    says(goesOn, "begun 1");
    says(goesOn, "beside true");
    assertTrue(!runs("sleep 86397"), "it ends with its build");

    String hangs = begin("hangs", HANGS, true);
    says(hangs, "hangs");
    server.kill();
    server.up();
    codebuild.stopBuild(b -> b.id(hangs));
    assertEquals("STOPPED", over(hangs).buildStatusAsString());
    assertTrue(!runs("sleep 86398"), "it ends with its build");
  }
}
