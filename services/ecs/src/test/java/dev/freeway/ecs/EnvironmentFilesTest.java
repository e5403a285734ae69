package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.fake.FakeRuntime;
import dev.freeway.containers.fake.Program;
import dev.freeway.ecs.api.*;
import dev.freeway.s3.S3;
import dev.freeway.s3.api.CreateBucketRequest;
import dev.freeway.s3.api.PutObjectRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.Body;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Variables that lie in S3.
final class EnvironmentFilesTest {
  private final Map<String, ContainerSpec> specs = new ConcurrentHashMap<>();
  private final TestNode node =
      TestNode.of(
          S3::new,
          p ->
              new Ecs(
                  p,
                  new FakeRuntime(this::program, p.clock()),
                  new FakeTargets(),
                  new FakeSink(),
                  EcsFixture.ANY_NETWORK));

  private Program program(ContainerSpec spec) {
    specs.put(((RootFs.Image) spec.root()).reference(), spec);
    return Program.prints(0);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void object(String key, String text) {
    node.call(
        S3Api.PUT_OBJECT,
        PutObjectRequest.builder()
            .bucket("files")
            .key(key)
            .body(Body.of(text.getBytes(StandardCharsets.UTF_8)))
            .build());
  }

  private static EnvironmentFile file(String key) {
    return new EnvironmentFile("arn:aws:s3:::files/" + key, "s3");
  }

  private Task run(ContainerDefinition.Builder container) {
    node.call(CREATE_CLUSTER, CreateClusterRequest.builder().clusterName("c").build());
    node.call(
        REGISTER_TASK_DEFINITION,
        RegisterTaskDefinitionRequest.builder()
            .family("f")
            .networkMode("awsvpc")
            .cpu("256")
            .memory("512")
            .requiresCompatibilities(List.of("FARGATE"))
            .containerDefinitions(List.of(container.build()))
            .build());
    String arn =
        node.call(
                RUN_TASK,
                RunTaskRequest.builder()
                    .cluster("c")
                    .taskDefinition("f")
                    .launchType("FARGATE")
                    .networkConfiguration(EcsFixture.NETWORK)
                    .build())
            .tasks()
            .getFirst()
            .taskArn();
    long end = System.nanoTime() + 20_000_000_000L;
    while (!task(arn).lastStatus().equals("STOPPED") && System.nanoTime() < end) {
      node.run();
    }
    return task(arn);
  }

  private Task task(String arn) {
    return node.call(
            DESCRIBE_TASKS, DescribeTasksRequest.builder().cluster("c").tasks(List.of(arn)).build())
        .tasks()
        .getFirst();
  }

  @Test
  void theFirstFileWinsAndTheDefinitionsOwnVariablesWinOverAll() {
    node.call(S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket("files").build());
    object("a.env", "# said first\nONE=1\n\nTWO=a=b c\r\nTHREE=file\n");
    object("deep/b.env", "ONE=other\nFOUR=\n");
    run(
        EcsFixture.container("job", "job")
            .environmentFiles(List.of(file("a.env"), file("deep/b.env")))
            .environment(List.of(new KeyValuePair("THREE", "own"))));
    Map<String, String> seen = specs.get("job").environment();
    assertEquals("1", seen.get("ONE"));
    assertEquals("a=b c", seen.get("TWO"));
    assertEquals("own", seen.get("THREE"));
    assertEquals("", seen.get("FOUR"));
    assertFalse(seen.containsKey("# said first"));
  }

  @Test
  void aFileThatIsNotThereStopsTheTaskBeforeItStarts() {
    node.call(S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket("files").build());
    Task t = run(EcsFixture.container("job", "job").environmentFiles(List.of(file("missing.env"))));
    assertEquals("TaskFailedToStart", t.stopCode());
    assertTrue(
        t.stoppedReason().startsWith("ResourceInitializationError: failed to download env files: "),
        t.stoppedReason());
    assertTrue(t.stoppedReason().contains("NoSuchKey"), t.stoppedReason());
    assertTrue(specs.isEmpty());
  }
}
