package dev.freeway.sqs;

import static dev.freeway.sqs.api.SqsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.sqs.api.*;
import dev.freeway.sqs.api.Message;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class QueuesTest {
  private final TestNode node = TestNode.of(Sqs::new);

  @AfterEach
  void close() {
    node.close();
  }

  private String create(String name, String... attributes) {
    Map<String, String> all = new java.util.HashMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      all.put(attributes[i], attributes[i + 1]);
    }
    return node.call(
            CREATE_QUEUE, CreateQueueRequest.builder().queueName(name).attributes(all).build())
        .queueUrl();
  }

  private void send(String queue, String body) {
    node.call(SEND_MESSAGE, SendMessageRequest.builder().queueUrl(queue).messageBody(body).build());
  }

  private SendMessageResult send(String queue, String group, String body) {
    return node.call(
        SEND_MESSAGE,
        SendMessageRequest.builder()
            .queueUrl(queue)
            .messageBody(body)
            .messageGroupId(group)
            .build());
  }

  private List<Message> receive(String queue, int most) {
    List<Message> found =
        node.call(
                RECEIVE_MESSAGE,
                ReceiveMessageRequest.builder()
                    .queueUrl(queue)
                    .maxNumberOfMessages(most)
                    .attributeNames(List.of("All"))
                    .build())
            .messages();
    return found == null ? List.of() : found;
  }

  private List<String> bodies(String queue, int most) {
    return receive(queue, most).stream().map(Message::body).toList();
  }

  private void delete(String queue, Message m) {
    node.call(DELETE_MESSAGE, new DeleteMessageRequest(queue, m.receiptHandle()));
  }

  private String count(String queue, String which) {
    return node.call(GET_QUEUE_ATTRIBUTES, new GetQueueAttributesRequest(queue, List.of("All")))
        .attributes()
        .get("ApproximateNumberOfMessages" + which);
  }

  private String arn(String queue) {
    return "arn:aws:sqs:us-east-1:000000000000:" + queue.substring(queue.lastIndexOf('/') + 1);
  }

  private static void refused(String code, Executable what) {
    assertEquals(code, assertThrows(AwsException.class, what).code());
  }

  @Test
  void whatIsNotDeletedComesBack() {
    String q = create("q");
    assertEquals("http://localhost:4566/000000000000/q", q);
    send(q, "one");
    assertEquals(1, receive(q, 10).size());
    assertEquals("1", count(q, "NotVisible"));
    assertEquals(0, receive(q, 10).size());
    node.advance(Duration.ofSeconds(31));
    Message again = receive(q, 10).getFirst();
    assertEquals("2", again.attributes().get("ApproximateReceiveCount"));
    delete(q, again);
    delete(q, again);
    node.advance(Duration.ofSeconds(31));
    assertEquals(0, receive(q, 10).size());
    assertEquals("0", count(q, ""));
  }

  @Test
  void visibilityCanBeChangedWhileInFlight() {
    String q = create("q");
    send(q, "one");
    Message m = receive(q, 1).getFirst();
    node.call(
        CHANGE_MESSAGE_VISIBILITY, new ChangeMessageVisibilityRequest(q, m.receiptHandle(), 100));
    node.advance(Duration.ofSeconds(50));
    assertEquals(0, receive(q, 1).size());
    node.call(
        CHANGE_MESSAGE_VISIBILITY, new ChangeMessageVisibilityRequest(q, m.receiptHandle(), 0));
    assertEquals(1, receive(q, 1).size());
    node.advance(Duration.ofSeconds(31));
    refused(
        "AWS.SimpleQueueService.MessageNotInflight",
        () ->
            node.call(
                CHANGE_MESSAGE_VISIBILITY,
                new ChangeMessageVisibilityRequest(q, m.receiptHandle(), 5)));
  }

  @Test
  void messagesAreDelayedAndForgotten() {
    String q = create("q", "DelaySeconds", "10", "MessageRetentionPeriod", "60");
    send(q, "one");
    assertEquals("1", count(q, "Delayed"));
    assertEquals(0, receive(q, 1).size());
    node.advance(Duration.ofSeconds(10));
    assertEquals("1", count(q, ""));
    node.advance(Duration.ofSeconds(51));
    assertEquals("0", count(q, ""));
    send(q, "two");
    node.advance(Duration.ofSeconds(11));
    assertEquals(List.of("two"), bodies(q, 10));
  }

  @Test
  void whatIsReceivedTooOftenGoesToTheDeadLettersAndBack() {
    String dead = create("dead");
    String q =
        create(
            "q",
            "VisibilityTimeout",
            "0",
            "RedrivePolicy",
            "{\"deadLetterTargetArn\":\"" + arn(dead) + "\",\"maxReceiveCount\":\"2\"}");
    send(q, "one");
    receive(q, 1);
    receive(q, 1);
    assertEquals(0, receive(q, 1).size());
    assertEquals("1", count(dead, ""));
    node.call(
        START_MESSAGE_MOVE_TASK,
        StartMessageMoveTaskRequest.builder().sourceArn(arn(dead)).build());
    node.advance(Duration.ofSeconds(1));
    node.advance(Duration.ofSeconds(1));
    assertEquals("0", count(dead, ""));
    var task =
        node.call(
                LIST_MESSAGE_MOVE_TASKS,
                ListMessageMoveTasksRequest.builder().sourceArn(arn(dead)).build())
            .results()
            .getFirst();
    assertEquals("COMPLETED", task.status());
    assertEquals(1, task.approximateNumberOfMessagesMoved());
    assertEquals(List.of("one"), bodies(q, 1));
  }

  private String fifo(String... more) {
    List<String> all = new ArrayList<>(List.of("FifoQueue", "true"));
    all.addAll(List.of(more));
    return create("q.fifo", all.toArray(String[]::new));
  }

  @Test
  void aGroupIsInOrderAndWaitsForItsMessagesInFlight() {
    String q = fifo("ContentBasedDeduplication", "true");
    send(q, "a", "a1");
    send(q, "a", "a2");
    send(q, "b", "b1");
    send(q, "a", "a3");
    Message a1 = receive(q, 1).getFirst();
    assertEquals("a1", a1.body());
    assertEquals(List.of("b1"), bodies(q, 10));
    assertEquals("2", count(q, "NotVisible"));
    delete(q, a1);
    assertEquals(List.of("a2", "a3"), bodies(q, 10));
    node.advance(Duration.ofSeconds(31));
    assertEquals(List.of("a2", "a3", "b1"), bodies(q, 10));
    refused("MissingParameter", () -> send(q, null, "x"));
  }

  @Test
  void aRepeatedMessageIsTakenOnce() {
    String q = fifo("ContentBasedDeduplication", "true");
    SendMessageResult first = send(q, "a", "one");
    SendMessageResult second = send(q, "a", "one");
    assertEquals(first.messageId(), second.messageId());
    assertEquals(first.sequenceNumber(), second.sequenceNumber());
    assertEquals(1, receive(q, 10).size());
    node.advance(Duration.ofMinutes(5));
    send(q, "a", "one");
    assertEquals("2", Integer.toString(receive(q, 10).size()));
  }

  @Test
  void anExpiredReceiptDeletesNothingOfAFifoQueue() {
    String q = fifo("ContentBasedDeduplication", "true");
    send(q, "a", "one");
    Message m = receive(q, 1).getFirst();
    node.advance(Duration.ofSeconds(31));
    refused("InvalidParameterValue", () -> delete(q, m));
    delete(q, receive(q, 1).getFirst());
    assertEquals("0", count(q, ""));
  }

  @Test
  void aPurgeEmptiesAtOnce() {
    String q = create("q");
    for (int i = 0; i < 30; i++) {
      send(q, "m" + i);
    }
    Message m = receive(q, 1).getFirst();
    node.call(PURGE_QUEUE, new PurgeQueueRequest(q));
    assertEquals("0", count(q, ""));
    send(q, "after");
    delete(q, m);
    node.run();
    assertEquals(List.of("after"), bodies(q, 10));
  }

  @Test
  void aLongPollEndsWithTheFirstMessage() throws Exception {
    String q = create("q");
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<ReceiveMessageResult> poll =
          CompletableFuture.supplyAsync(
              () ->
                  node.call(
                      RECEIVE_MESSAGE,
                      ReceiveMessageRequest.builder().queueUrl(q).waitTimeSeconds(20).build()),
              executor);
      send(q, "now");
      assertEquals("now", poll.get(10, TimeUnit.SECONDS).messages().getFirst().body());
    }
  }

  @Test
  void theSameNameAgainIsTheSameQueueUnlessAttributesDiffer() {
    create("q", "VisibilityTimeout", "60");
    create("q");
    create("q", "VisibilityTimeout", "60");
    refused("QueueAlreadyExists", () -> create("q", "VisibilityTimeout", "61"));
    refused("InvalidAttributeValue", () -> create("r", "VisibilityTimeout", "x"));
    refused("AWS.SimpleQueueService.NonExistentQueue", () -> send("http://h/000000000000/r", "x"));
  }

  @Test
  void digestsAreThoseThatSdksCheck() {
    var attributes =
        Map.of("k", MessageAttributeValue.builder().dataType("String").stringValue("v").build());
    assertEquals("0a77b0642718c3d9dd47090567d11e0d", MessageAttributes.md5(attributes));
    assertEquals(8, MessageAttributes.size(attributes));
  }

  @Test
  void batchesFailEntryByEntry() {
    String q = create("q", "MaximumMessageSize", "1024");
    var result =
        node.call(
            SEND_MESSAGE_BATCH,
            new SendMessageBatchRequest(
                q,
                List.of(
                    SendMessageBatchRequestEntry.builder().id("a").messageBody("x").build(),
                    SendMessageBatchRequestEntry.builder()
                        .id("b")
                        .messageBody("x".repeat(2000))
                        .build())));
    assertEquals("a", result.successful().getFirst().id());
    assertEquals("b", result.failed().getFirst().id());
    refused(
        "AWS.SimpleQueueService.EmptyBatchRequest",
        () -> node.call(SEND_MESSAGE_BATCH, new SendMessageBatchRequest(q, List.of())));
  }

  @Test
  void theOlderProtocolIsSpokenToo() throws Exception {
    create("q");
    String url = node.endpoint();
    String sent =
        form(
            url + "/",
            "Action=SendMessage&Version=2012-11-05&QueueUrl="
                + url
                + "/000000000000/q&MessageBody=hi&MessageAttribute.1.Name=k&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=v");
    assertTrue(
        sent.contains("<SendMessageResponse>") && sent.contains("<SendMessageResult>"), sent);
    String got =
        form(
            url + "/000000000000/q",
            "Action=ReceiveMessage&Version=2012-11-05&AttributeName.1=All&MessageAttributeName.1=All");
    assertTrue(got.contains("<Body>hi</Body>"), got);
    assertTrue(got.contains("<Attribute><Name>SenderId</Name>"), got);
    assertTrue(got.contains("<MessageAttribute><Name>k</Name><Value>"), got);
    String none = form(url + "/000000000000/none", "Action=PurgeQueue&Version=2012-11-05");
    assertTrue(none.contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"), none);
  }

  private static String form(String url, String body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
