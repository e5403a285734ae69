package dev.freeway.events;

import static dev.freeway.events.api.EventsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.events.api.*;
import dev.freeway.sqs.Sqs;
import dev.freeway.sqs.api.CreateQueueRequest;
import dev.freeway.sqs.api.GetQueueAttributesRequest;
import dev.freeway.sqs.api.Message;
import dev.freeway.sqs.api.ReceiveMessageRequest;
import dev.freeway.sqs.api.SqsApi;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ArchiveTest {
  private static final String BUS = "arn:aws:events:us-east-1:000000000000:event-bus/default";
  private static final String ARCHIVE = "arn:aws:events:us-east-1:000000000000:archive/a";

  private final TestNode node = TestNode.of(Sqs::new, Events::new);
  private String queue;

  @BeforeEach
  void anArchiveAndARuleWithAQueue() {
    queue =
        node.call(SqsApi.CREATE_QUEUE, CreateQueueRequest.builder().queueName("q").build())
            .queueUrl();
    rule("r", "q");
    node.call(
        CREATE_ARCHIVE,
        CreateArchiveRequest.builder()
            .archiveName("a")
            .eventSourceArn(BUS)
            .eventPattern("{\"source\": [\"app\"]}")
            .retentionDays(7)
            .build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void rule(String name, String target) {
    node.call(
        PUT_RULE,
        PutRuleRequest.builder().name(name).eventPattern("{\"source\": [\"app\"]}").build());
    String arn = "arn:aws:sqs:us-east-1:000000000000:" + target;
    Target t = Target.builder().id("t").arn(arn).build();
    node.call(PUT_TARGETS, PutTargetsRequest.builder().rule(name).targets(List.of(t)).build());
  }

  private void put(String source, int n) {
    var entry =
        PutEventsRequestEntry.builder()
            .source(source)
            .detailType("d")
            .detail("{\"n\": " + n + "}")
            .build();
    node.call(PUT_EVENTS, PutEventsRequest.builder().entries(List.of(entry)).build());
  }

  private List<JsonNode> received() {
    node.run();
    List<Message> messages =
        node.call(
                SqsApi.RECEIVE_MESSAGE,
                ReceiveMessageRequest.builder()
                    .queueUrl(queue)
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(3600)
                    .build())
            .messages();
    return messages == null
        ? List.of()
        : messages.stream().map(m -> JsonMapper.shared().readTree(m.body())).toList();
  }

  private void replay(Instant from, Instant to, String... rules) {
    node.call(
        START_REPLAY,
        StartReplayRequest.builder()
            .replayName("again")
            .eventSourceArn(ARCHIVE)
            .eventStartTime(from)
            .eventEndTime(to)
            .destination(
                ReplayDestination.builder()
                    .arn(BUS)
                    .filterArns(rules.length == 0 ? null : List.of(rules))
                    .build())
            .build());
  }

  private DescribeArchiveResponse archive() {
    return node.call(DESCRIBE_ARCHIVE, DescribeArchiveRequest.builder().archiveName("a").build());
  }

  private DescribeReplayResponse replay() {
    return node.call(DESCRIBE_REPLAY, DescribeReplayRequest.builder().replayName("again").build());
  }

  @Test
  void eventsOfTheSpanAreSentAgainMarkedAsReplayedAndNotArchivedTwice() {
    put("app", 1);
    put("elsewhere", 2);
    node.advance(Duration.ofMinutes(10));
    put("app", 3);
    assertEquals(2, received().size());
    assertEquals(2, archive().eventCount());
    replay(TestNode.START, TestNode.START.plusSeconds(60));
    var again = received();
    assertEquals(List.of(1), again.stream().map(e -> e.path("detail").path("n").asInt()).toList());
    assertEquals("again", again.getFirst().path("replay-name").asString());
    assertEquals("COMPLETED", replay().state());
    assertEquals(TestNode.START, replay().eventLastReplayedTime());
    assertEquals(2, archive().eventCount());
  }

  @Test
  void onlyTheRulesThatWereNamedSeeAReplay() {
    put("app", 1);
    received();
    replay(
        TestNode.START,
        TestNode.START.plusSeconds(60),
        "arn:aws:events:us-east-1:000000000000:rule/other");
    assertEquals(List.of(), received());
    assertEquals("COMPLETED", replay().state());
  }

  @Test
  void aReplayOfMoreThanOneStepSendsEachEventOnce() {
    for (int n = 0; n < 250; n++) {
      put("app", n);
    }
    replay(TestNode.START, TestNode.START.plusSeconds(1));
    node.run();
    var attributes =
        node.call(
            SqsApi.GET_QUEUE_ATTRIBUTES,
            GetQueueAttributesRequest.builder()
                .queueUrl(queue)
                .attributeNames(List.of("ApproximateNumberOfMessages"))
                .build());
    assertEquals("500", attributes.attributes().get("ApproximateNumberOfMessages"));
  }

  @Test
  void anArchiveThatIsGoneCannotBeReplayed() {
    node.call(DELETE_ARCHIVE, DeleteArchiveRequest.builder().archiveName("a").build());
    assertThrows(AwsException.class, this::archive);
    assertThrows(AwsException.class, () -> replay(TestNode.START, TestNode.START.plusSeconds(1)));
  }

  @Test
  void eventsGoWhenTheyAreTooOld() {
    put("app", 1);
    node.advance(Duration.ofDays(3));
    put("app", 2);
    node.advance(Duration.ofDays(5));
    node.run();
    assertEquals(1, archive().eventCount());
    assertTrue(archive().sizeBytes() > 0);
    node.advance(Duration.ofDays(3));
    node.run();
    assertEquals(0, archive().eventCount());
    assertEquals(0, archive().sizeBytes());
  }

  @Test
  void aBusIsOpenedToAnAccountAndClosedAgain() {
    node.call(
        PUT_PERMISSION,
        PutPermissionRequest.builder()
            .statementId("s")
            .principal("111122223333")
            .action("events:PutEvents")
            .build());
    var bus = node.call(DESCRIBE_EVENT_BUS, DescribeEventBusRequest.builder().build());
    assertTrue(bus.policy().contains("arn:aws:iam::111122223333:root"));
    node.call(REMOVE_PERMISSION, RemovePermissionRequest.builder().statementId("s").build());
    assertEquals(
        null, node.call(DESCRIBE_EVENT_BUS, DescribeEventBusRequest.builder().build()).policy());
    var refused =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    REMOVE_PERMISSION, RemovePermissionRequest.builder().statementId("s").build()));
    assertEquals("ResourceNotFoundException", refused.code());
  }
}
