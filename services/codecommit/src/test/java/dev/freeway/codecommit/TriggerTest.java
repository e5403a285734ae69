package dev.freeway.codecommit;

import static dev.freeway.codecommit.api.CodecommitApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codecommit.api.*;
import dev.freeway.sns.Sns;
import dev.freeway.sns.api.CreateTopicInput;
import dev.freeway.sns.api.SnsApi;
import dev.freeway.sns.api.SubscribeInput;
import dev.freeway.sqs.Sqs;
import dev.freeway.sqs.api.CreateQueueRequest;
import dev.freeway.sqs.api.Message;
import dev.freeway.sqs.api.ReceiveMessageRequest;
import dev.freeway.sqs.api.SqsApi;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TriggerTest {
  private final TestNode node = TestNode.of(Sqs::new, Sns::new, Codecommit::new);
  private String topic;
  private String queue;

  @BeforeEach
  void aRepositoryAndATopicWithAQueue() {
    node.call(CREATE_REPOSITORY, CreateRepositoryInput.builder().repositoryName("r").build());
    topic =
        node.call(SnsApi.CREATE_TOPIC, CreateTopicInput.builder().name("pushes").build())
            .topicArn();
    queue =
        node.call(SqsApi.CREATE_QUEUE, CreateQueueRequest.builder().queueName("q").build())
            .queueUrl();
    node.call(
        SnsApi.SUBSCRIBE,
        SubscribeInput.builder()
            .topicArn(topic)
            .protocol("sqs")
            .endpoint("arn:aws:sqs:us-east-1:000000000000:q")
            .attributes(Map.of("RawMessageDelivery", "true"))
            .build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private RepositoryTrigger.Builder trigger() {
    return RepositoryTrigger.builder()
        .name("t")
        .destinationArn(topic)
        .customData("for ops")
        .branches(List.of("main"))
        .events(List.of("all"));
  }

  private PutRepositoryTriggersOutput put(RepositoryTrigger... all) {
    return node.call(
        PUT_REPOSITORY_TRIGGERS,
        PutRepositoryTriggersInput.builder().repositoryName("r").triggers(List.of(all)).build());
  }

  private String commit(String branch, String parent) {
    return node.call(
            PUT_FILE,
            PutFileInput.builder()
                .repositoryName("r")
                .branchName(branch)
                .filePath("f")
                .fileContent((branch + parent).getBytes(StandardCharsets.UTF_8))
                .parentCommitId(parent)
                .build())
        .commitId();
  }

  private List<JsonNode> received() {
    node.run();
    List<Message> messages =
        node.call(
                SqsApi.RECEIVE_MESSAGE,
                ReceiveMessageRequest.builder().queueUrl(queue).maxNumberOfMessages(10).build())
            .messages();
    // As on the wire: no list where there are none.
    return messages == null
        ? List.of()
        : messages.stream()
            .map(m -> JsonMapper.shared().readTree(m.body()).path("Records").get(0))
            .toList();
  }

  @Test
  void aChangeOfAChosenBranchIsSentToTheTopic() {
    String id = put(trigger().build()).configurationId();
    String first = commit("main", null);
    node.call(
        CREATE_BRANCH,
        CreateBranchInput.builder()
            .repositoryName("r")
            .branchName("other")
            .commitId(first)
            .build());
    var all = received();
    assertEquals(1, all.size());
    JsonNode record = all.getFirst();
    assertEquals("aws:codecommit", record.path("eventSource").asString());
    assertEquals("ReferenceChanges", record.path("eventName").asString());
    assertEquals(id, record.path("eventTriggerConfigId").asString());
    assertEquals("for ops", record.path("customData").asString());
    assertEquals(
        "arn:aws:codecommit:us-east-1:000000000000:r", record.path("eventSourceARN").asString());
    JsonNode reference = record.path("codecommit").path("references").get(0);
    assertEquals("refs/heads/main", reference.path("ref").asString());
    assertEquals(first, reference.path("commit").asString());
    assertTrue(reference.path("created").asBoolean());
  }

  @Test
  void onlyTheChosenEventsAreSent() {
    put(trigger().events(List.of("updateReference")).build());
    String first = commit("main", null);
    assertEquals(List.of(), received());
    commit("main", first);
    assertEquals(1, received().size());
  }

  @Test
  void aTestSendsASampleAndSaysWhatFailed() {
    commit("main", null);
    String gone = topic.replace("pushes", "gone");
    var tried =
        node.call(
            TEST_REPOSITORY_TRIGGERS,
            TestRepositoryTriggersInput.builder()
                .repositoryName("r")
                .triggers(
                    List.of(trigger().build(), trigger().name("u").destinationArn(gone).build()))
                .build());
    assertEquals(List.of("t"), tried.successfulExecutions());
    assertEquals("u", tried.failedExecutions().getFirst().trigger());
    assertEquals("TriggerEventTest", received().getFirst().path("eventName").asString());
  }

  @Test
  void refusesTriggersThatCannotBe() {
    var refused =
        assertThrows(
            AwsException.class,
            () -> put(trigger().events(List.of("all", "createReference")).build()));
    assertEquals("InvalidRepositoryTriggerEventsException", refused.code());
    refused =
        assertThrows(
            AwsException.class, () -> put(trigger().destinationArn("arn:aws:s3:::b").build()));
    assertEquals("InvalidRepositoryTriggerDestinationArnException", refused.code());
  }
}
