package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freeway.containers.image.BaseImages;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.sandbox.SandboxRuntime;
import dev.freeway.ecs.api.*;
import dev.freeway.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A task in a real sandbox.
final class SandboxTaskTest {
  @TempDir Path folder;

  @Test
  void runsWithItsVariablesWritesItsLogAndLeavesNothing() {
    ImageStore images = new ImageStore(folder.resolve("images"));
    images.addSource(new BaseImages(images));
    try (var runtime = new SandboxRuntime(folder.resolve("run"), images)) {
      var able = runtime.probe();
      assumeTrue(able.usable(), () -> "no sandboxes on this machine: " + able.problems());
      FakeSink sink = new FakeSink();
      try (var node =
          TestNode.of(p -> new Ecs(p, runtime, new FakeTargets(), sink, EcsFixture.ANY_NETWORK))) {
        node.call(CREATE_CLUSTER, CreateClusterRequest.builder().clusterName("c").build());
        String arn = run(node);
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!task(node, arn).lastStatus().equals("STOPPED") && System.nanoTime() < end) {
          node.run();
          Thread.onSpinWait();
        }
        Task t = task(node, arn);
        assertEquals(7, t.containers().getFirst().exitCode(), () -> "" + t);
        assertEquals(List.of("hello world"), sink.messages());
        assertTrue(runtime.sandboxes(Map.of()).isEmpty());
      }
    }
  }

  private static String run(TestNode node) {
    node.call(
        REGISTER_TASK_DEFINITION,
        RegisterTaskDefinitionRequest.builder()
            .family("f")
            .networkMode("awsvpc")
            .cpu("256")
            .memory("512")
            .requiresCompatibilities(List.of("FARGATE"))
            .executionRoleArn("arn:aws:iam::000000000000:role/x")
            .containerDefinitions(
                List.of(
                    EcsFixture.container("job", "freeway/base:1")
                        .command(List.of("sh", "-c", "echo hello $WHO; exit 7"))
                        .environment(List.of(new KeyValuePair("WHO", "world")))
                        .logConfiguration(
                            LogConfiguration.builder()
                                .logDriver("awslogs")
                                .options(
                                    Map.of(
                                        "awslogs-group", "/g",
                                        "awslogs-region", "us-east-1",
                                        "awslogs-stream-prefix", "p",
                                        "awslogs-create-group", "true"))
                                .build())
                        .build()))
            .build());
    return node.call(
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
  }

  private static Task task(TestNode node, String arn) {
    return node.call(
            DESCRIBE_TASKS, DescribeTasksRequest.builder().cluster("c").tasks(List.of(arn)).build())
        .tasks()
        .getFirst();
  }
}
