package dev.freeway.sns;

import static dev.freeway.sns.api.SnsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.freeway.kms.Kms;
import dev.freeway.platform.Certificates;
import dev.freeway.sns.api.*;
import dev.freeway.sqs.Sqs;
import dev.freeway.sqs.api.CreateQueueRequest;
import dev.freeway.sqs.api.ReceiveMessageRequest;
import dev.freeway.sqs.api.SqsApi;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TopicsTest {
  private final TestNode node = TestNode.of(Kms::new, Sqs::new, Sns::new);

  @AfterEach
  void close() {
    node.close();
  }

  private static Map<String, String> map(String... pairs) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      all.put(pairs[i], pairs[i + 1]);
    }
    return all;
  }

  private String topic(String name, String... attributes) {
    return node.call(
            CREATE_TOPIC, CreateTopicInput.builder().name(name).attributes(map(attributes)).build())
        .topicArn();
  }

  private String queue(String name, String... attributes) {
    node.call(
        SqsApi.CREATE_QUEUE,
        CreateQueueRequest.builder().queueName(name).attributes(map(attributes)).build());
    return "arn:aws:sqs:us-east-1:000000000000:" + name;
  }

  private String subscribe(String topic, String protocol, String endpoint, String... attributes) {
    return node.call(
            SUBSCRIBE,
            SubscribeInput.builder()
                .topicArn(topic)
                .protocol(protocol)
                .endpoint(endpoint)
                .attributes(map(attributes))
                .build())
        .subscriptionArn();
  }

  private List<String> bodies(String queue) {
    node.run();
    var found =
        node.call(
                SqsApi.RECEIVE_MESSAGE,
                ReceiveMessageRequest.builder()
                    .queueUrl("http://h/000000000000/" + queue)
                    .maxNumberOfMessages(10)
                    .build())
            .messages();
    return found == null ? List.of() : found.stream().map(m -> m.body()).toList();
  }

  private void publish(String topic, String message, String... attributes) {
    Map<String, MessageAttributeValue> all = new HashMap<>();
    map(attributes)
        .forEach(
            (k, v) ->
                all.put(
                    k,
                    MessageAttributeValue.builder()
                        .dataType(v.matches("[0-9]+") ? "Number" : "String")
                        .stringValue(v)
                        .build()));
    node.call(
        PUBLISH,
        PublishInput.builder().topicArn(topic).message(message).messageAttributes(all).build());
  }

  private static void refused(String code, Executable what) {
    assertEquals(code, assertThrows(AwsException.class, what).code());
  }

  @Test
  void aQueueIsGivenAnEnvelopeThatItsCertificateVerifies() throws Exception {
    String topic = topic("t");
    subscribe(topic, "sqs", queue("q"));
    publish(topic, "hello", "color", "red");
    JsonNode json = JsonMapper.shared().readTree(bodies("q").getFirst());
    assertEquals("hello", json.get("Message").asString());
    assertEquals("red", json.at("/MessageAttributes/color/Value").asString());
    String text =
        "Message\nhello\nMessageId\n"
            + json.get("MessageId").asString()
            + "\nTimestamp\n"
            + json.get("Timestamp").asString()
            + "\nTopicArn\n"
            + topic
            + "\nType\nNotification\n";
    Signature signature = Signature.getInstance("SHA1withRSA");
    signature.initVerify(Certificates.parse(certificate()));
    signature.update(text.getBytes(StandardCharsets.UTF_8));
    assertTrue(signature.verify(Base64.getDecoder().decode(json.get("Signature").asString())));
  }

  private byte[] certificate() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(node.endpoint() + Signer.PATH)).build(),
              HttpResponse.BodyHandlers.ofByteArray())
          .body();
    }
  }

  @Test
  void filtersAreOfAttributesOrOfTheBody() {
    String topic = topic("t");
    subscribe(
        topic,
        "sqs",
        queue("red"),
        "RawMessageDelivery",
        "true",
        "FilterPolicy",
        "{\"color\":[{\"prefix\":\"re\"}],\"size\":[{\"numeric\":[\">\",3]}]}");
    subscribe(
        topic,
        "sqs",
        queue("body"),
        "RawMessageDelivery",
        "true",
        "FilterPolicyScope",
        "MessageBody",
        "FilterPolicy",
        "{\"a\":{\"b\":[{\"anything-but\":[\"x\"]}]}}");
    publish(topic, "{\"a\":{\"b\":\"x\"}}", "color", "red", "size", "4");
    publish(topic, "{\"a\":{\"b\":\"y\"}}", "color", "red", "size", "3");
    publish(topic, "no json");
    assertEquals(List.of("{\"a\":{\"b\":\"x\"}}"), bodies("red"));
    assertEquals(List.of("{\"a\":{\"b\":\"y\"}}"), bodies("body"));
    refused(
        "InvalidParameter",
        () -> subscribe(topic, "sqs", queue("z"), "FilterPolicy", "{\"a\":\"b\"}"));
  }

  @Test
  void aFifoTopicKeepsOrderAndTakesARepeatedMessageOnce() {
    String topic = topic("t.fifo", "FifoTopic", "true", "ContentBasedDeduplication", "true");
    subscribe(topic, "sqs", queue("q.fifo", "FifoQueue", "true"), "RawMessageDelivery", "true");
    for (String message : new String[] {"1", "2", "2", "3"}) {
      node.call(
          PUBLISH,
          PublishInput.builder().topicArn(topic).message(message).messageGroupId("g").build());
    }
    assertEquals(List.of("1", "2", "3"), bodies("q.fifo"));
    refused("InvalidParameter", () -> subscribe(topic, "email", "a@b.c"));
  }

  @Test
  void whatIsNotTakenGoesToTheDeadLetters() {
    String topic = topic("t");
    String dead = queue("dead");
    subscribe(
        topic,
        "sqs",
        "arn:aws:sqs:us-east-1:000000000000:none",
        "RawMessageDelivery",
        "true",
        "RedrivePolicy",
        "{\"deadLetterTargetArn\":\"" + dead + "\"}");
    publish(topic, "lost");
    assertEquals(List.of("lost"), bodies("dead"));
  }

  @Test
  void anHttpEndpointConfirmsAndIsTriedAgain() throws Exception {
    List<String> got = new ArrayList<>();
    List<Integer> answers = new ArrayList<>(List.of(200, 500, 200));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          got.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(answers.removeFirst(), -1);
          exchange.close();
        });
    server.start();
    try {
      String topic = topic("t");
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
      assertEquals("pending confirmation", subscribe(topic, "http", url));
      publish(topic, "too early");
      node.run();
      JsonNode asked = JsonMapper.shared().readTree(got.getFirst());
      assertEquals("SubscriptionConfirmation", asked.get("Type").asString());
      node.call(
          CONFIRM_SUBSCRIPTION,
          ConfirmSubscriptionInput.builder()
              .topicArn(topic)
              .token(asked.get("Token").asString())
              .build());
      publish(topic, "hello");
      node.run();
      assertEquals(2, got.size());
      node.advance(Duration.ofSeconds(20));
      assertEquals("hello", JsonMapper.shared().readTree(got.get(2)).get("Message").asString());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void mailLiesInTheOutbox() throws Exception {
    String topic = topic("t");
    subscribe(topic, "email", "me@example.com");
    node.run();
    try (var files = Files.list(node.folder().resolve("outbox/email"))) {
      String mail = Files.readString(files.findFirst().orElseThrow());
      assertTrue(mail.contains("To: me@example.com") && mail.contains("Token="), mail);
    }
  }

  @Test
  void everyProtocolMayHaveItsOwnText() {
    String topic = topic("t");
    subscribe(topic, "sqs", queue("q"), "RawMessageDelivery", "true");
    node.call(
        PUBLISH,
        PublishInput.builder()
            .topicArn(topic)
            .messageStructure("json")
            .message("{\"default\":\"d\",\"sqs\":\"s\"}")
            .build());
    assertEquals(List.of("s"), bodies("q"));
    refused(
        "InvalidParameter",
        () ->
            node.call(
                PUBLISH,
                PublishInput.builder()
                    .topicArn(topic)
                    .messageStructure("json")
                    .message("{}")
                    .build()));
  }

  @Test
  void theSameTopicAndSubscriptionAgainAreTheSame() {
    String topic = topic("t");
    assertEquals(topic, topic("t"));
    String queue = queue("q");
    assertEquals(subscribe(topic, "sqs", queue), subscribe(topic, "sqs", queue));
    refused("InvalidParameter", () -> topic("t", "DisplayName", "x"));
    refused("NotFound", () -> publish(topic + "x", "m"));
    refused("InvalidParameter", () -> topic("a b"));
  }

  @Test
  void aFilterOfAttributesIsFlat() {
    String topic = topic("t");
    String nested = "{\"a\": {\"b\": [\"c\"]}}";
    var in =
        SubscribeInput.builder()
            .topicArn(topic)
            .protocol("sqs")
            .endpoint("arn:aws:sqs:us-east-1:000000000000:q");
    AwsException e =
        assertThrows(
            AwsException.class,
            () -> node.call(SUBSCRIBE, in.attributes(map("FilterPolicy", nested)).build()));
    assertTrue(e.message().endsWith("does not support nested filter policy"), e.message());
    var body = map("FilterPolicy", nested, "FilterPolicyScope", "MessageBody");
    assertTrue(
        node.call(SUBSCRIBE, in.attributes(body).build()).subscriptionArn().startsWith(topic));
  }
}
