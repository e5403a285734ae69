package dev.freeway.logs;

import static dev.freeway.logs.api.LogsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.logs.api.*;
import dev.freeway.s3.S3;
import dev.freeway.s3.api.CreateBucketRequest;
import dev.freeway.s3.api.GetObjectRequest;
import dev.freeway.s3.api.ListObjectsV2Request;
import dev.freeway.s3.api.S3Api;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExportTest {
  private final TestNode node = TestNode.of(S3::new, Logs::new);
  private final long now = TestNode.START.toEpochMilli();

  @BeforeEach
  void aGroupWithEventsAndABucket() {
    node.call(S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket("exports").build());
    node.call(CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName("g").build());
    for (String stream : List.of("a/b", "c")) {
      node.call(
          CREATE_LOG_STREAM,
          CreateLogStreamRequest.builder().logGroupName("g").logStreamName(stream).build());
      node.call(
          PUT_LOG_EVENTS,
          PutLogEventsRequest.builder()
              .logGroupName("g")
              .logStreamName(stream)
              .logEvents(
                  List.of(
                      new InputLogEvent(now - 2000, "before"),
                      new InputLogEvent(now, stream + " says hello")))
              .build());
    }
  }

  @AfterEach
  void close() {
    node.close();
  }

  private CreateExportTaskRequest.Builder task() {
    return CreateExportTaskRequest.builder()
        .logGroupName("g")
        .from(now - 1000)
        .to(now + 1000)
        .destination("exports")
        .destinationPrefix("logs");
  }

  @Test
  void theSpansEventsAreInTheBucketAStreamAFile() throws Exception {
    String id = node.call(CREATE_EXPORT_TASK, task().build()).taskId();
    assertEquals(
        "LimitExceededException",
        assertThrows(AwsException.class, () -> node.call(CREATE_EXPORT_TASK, task().build()))
            .code());
    node.run();
    var seen =
        node.call(DESCRIBE_EXPORT_TASKS, DescribeExportTasksRequest.builder().taskId(id).build())
            .exportTasks()
            .getFirst();
    assertEquals("COMPLETED", seen.status().code());
    var keys =
        node
            .call(S3Api.LIST_OBJECTS_V2, ListObjectsV2Request.builder().bucket("exports").build())
            .contents()
            .stream()
            .map(dev.freeway.s3.api.Object::key)
            .toList();
    String first = "logs/" + id + "/a-b/000000.gz";
    assertEquals(
        Set.of(first, "logs/" + id + "/c/000000.gz", "logs/aws-logs-write-test"), Set.copyOf(keys));
    byte[] file =
        node.call(S3Api.GET_OBJECT, GetObjectRequest.builder().bucket("exports").key(first).build())
            .body()
            .bytes();
    try (var in = new GZIPInputStream(new ByteArrayInputStream(file))) {
      assertEquals(
          "2026-01-01T00:00:00.000Z a/b says hello\n",
          new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aBucketThatIsNotThereIsRefusedAtOnce() {
    var refused =
        assertThrows(
            AwsException.class,
            () -> node.call(CREATE_EXPORT_TASK, task().destination("none").build()));
    assertEquals("InvalidParameterException", refused.code());
  }

  @Test
  void aCancelledTaskWritesNothing() {
    String id = node.call(CREATE_EXPORT_TASK, task().build()).taskId();
    node.call(CANCEL_EXPORT_TASK, new CancelExportTaskRequest(id));
    node.run();
    var listed =
        node.call(S3Api.LIST_OBJECTS_V2, ListObjectsV2Request.builder().bucket("exports").build());
    assertEquals(0, listed.keyCount());
  }
}
