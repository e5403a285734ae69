package dev.freeway.lambda;

import static dev.freeway.lambda.api.LambdaApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.lambda.api.CreateEventSourceMappingRequest;
import dev.freeway.lambda.api.DeleteEventSourceMappingRequest;
import dev.freeway.lambda.api.Filter;
import dev.freeway.lambda.api.FilterCriteria;
import dev.freeway.lambda.api.GetEventSourceMappingRequest;
import dev.freeway.sqs.api.CreateQueueRequest;
import dev.freeway.sqs.api.GetQueueAttributesRequest;
import dev.freeway.sqs.api.SendMessageRequest;
import dev.freeway.sqs.api.SqsApi;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class QueueMappingTest {
  private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";
  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
  private volatile String answer = "null";

  private Functioning functioning() {
    Functioning f =
        new Functioning(
            (event, p) -> {
              events.add(JsonMapper.shared().readTree(event));
              if (answer.equals("wrong")) {
                throw new Functioning.Wrong("no");
              }
              return answer;
            });
    f.create("f");
    f.node.call(SqsApi.CREATE_QUEUE, CreateQueueRequest.builder().queueName("q").build());
    return f;
  }

  private static CreateEventSourceMappingRequest.Builder mapping() {
    return CreateEventSourceMappingRequest.builder().functionName("f").eventSourceArn(QUEUE);
  }

  private static void send(Functioning f, String body) {
    f.node.call(
        SqsApi.SEND_MESSAGE,
        SendMessageRequest.builder()
            .queueUrl("http://localhost:4566/000000000000/q")
            .messageBody(body)
            .build());
  }

  private JsonNode event() throws InterruptedException {
    JsonNode e = events.poll(10, TimeUnit.SECONDS);
    assertNotNull(e, "the function was not invoked");
    return e;
  }

  /// Deleting comes a moment after the function's answer.
  private static void untilEmpty(Functioning f) {
    var ask =
        GetQueueAttributesRequest.builder()
            .queueUrl("http://localhost:4566/000000000000/q")
            .attributeNames(List.of("ApproximateNumberOfMessagesNotVisible"))
            .build();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!f.node.call(SqsApi.GET_QUEUE_ATTRIBUTES, ask).attributes().containsValue("0")) {
      assertTrue(System.nanoTime() < end, "the message is still there");
      Thread.onSpinWait();
    }
  }

  @Test
  void messagesReachTheFunctionOnceItIsEnabledAndAreDeleted() throws Exception {
    try (var f = functioning()) {
      var made = f.node.call(CREATE_EVENT_SOURCE_MAPPING, mapping().build());
      assertEquals("Creating", made.state());
      f.node.run();
      var get = new GetEventSourceMappingRequest(made.uuid());
      assertEquals("Enabled", f.node.call(GET_EVENT_SOURCE_MAPPING, get).state());
      send(f, "hello");
      JsonNode record = event().path("Records").path(0);
      assertEquals("hello", record.path("body").asString());
      assertEquals("aws:sqs", record.path("eventSource").asString());
      assertEquals(QUEUE, record.path("eventSourceARN").asString());
      untilEmpty(f);
      f.node.advance(Duration.ofMinutes(2));
      assertNull(events.poll(200, TimeUnit.MILLISECONDS), "it is not given twice");
      f.node.call(DELETE_EVENT_SOURCE_MAPPING, new DeleteEventSourceMappingRequest(made.uuid()));
      f.node.run();
      assertThrows(AwsException.class, () -> f.node.call(GET_EVENT_SOURCE_MAPPING, get));
    }
  }

  @Test
  void whatFailedComesBackAfterTheVisibilityTimeout() throws Exception {
    try (var f = functioning()) {
      answer = "wrong";
      f.node.call(CREATE_EVENT_SOURCE_MAPPING, mapping().build());
      f.node.run();
      send(f, "one");
      event();
      answer = "null";
      f.node.advance(Duration.ofSeconds(31));
      JsonNode again = event().path("Records").path(0);
      assertEquals("2", again.path("attributes").path("ApproximateReceiveCount").asString());
    }
  }

  @Test
  void onlyReportedFailuresComeBack() throws Exception {
    try (var f = functioning()) {
      send(f, "good");
      send(f, "bad");
      f.node.call(
          CREATE_EVENT_SOURCE_MAPPING,
          mapping()
              .functionResponseTypes(List.of("ReportBatchItemFailures"))
              .enabled(true)
              .build());
      answer = "{\"batchItemFailures\":[{\"itemIdentifier\":\"?\"}]}";
      f.node.run();
      assertEquals(2, event().path("Records").size());
      answer = "null";
      f.node.advance(Duration.ofSeconds(31));
      assertEquals(2, event().path("Records").size(), "an unknown id means that all failed");
    }
  }

  @Test
  void whatNoFilterFitsIsDropped() throws Exception {
    try (var f = functioning()) {
      f.node.call(
          CREATE_EVENT_SOURCE_MAPPING,
          mapping()
              .filterCriteria(
                  new FilterCriteria(List.of(new Filter("{\"body\":{\"kind\":[\"a\"]}}"))))
              .build());
      f.node.run();
      send(f, "no json");
      send(f, "{\"kind\":\"b\"}");
      send(f, "{\"kind\":\"a\"}");
      JsonNode records = event().path("Records");
      assertEquals(1, records.size());
      assertEquals("{\"kind\":\"a\"}", records.path(0).path("body").asString());
    }
  }

  @Test
  void refusesUnknownQueuesSourcesAndDoubles() {
    try (var f = functioning()) {
      var e =
          assertThrows(
              AwsException.class,
              () ->
                  f.node.call(
                      CREATE_EVENT_SOURCE_MAPPING, mapping().eventSourceArn(QUEUE + "2").build()));
      assertTrue(e.message().contains("NonExistentQueue"), e.message());
      f.node.call(CREATE_EVENT_SOURCE_MAPPING, mapping().build());
      e =
          assertThrows(
              AwsException.class,
              () -> f.node.call(CREATE_EVENT_SOURCE_MAPPING, mapping().build()));
      assertEquals("ResourceConflictException", e.code());
    }
  }
}
