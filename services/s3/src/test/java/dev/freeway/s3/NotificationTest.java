package dev.freeway.s3;

import static dev.freeway.s3.api.S3Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.s3.api.*;
import dev.freeway.sqs.Sqs;
import dev.freeway.sqs.api.CreateQueueRequest;
import dev.freeway.sqs.api.ReceiveMessageRequest;
import dev.freeway.sqs.api.SqsApi;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NotificationTest {
  private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";
  private final TestNode node = TestNode.of(Sqs::new, S3::new);

  @AfterEach
  void close() {
    node.close();
  }

  private void configure(String arn) {
    var filter =
        new NotificationConfigurationFilter(
            new S3KeyFilter(List.of(new FilterRule("prefix", "in/"))));
    var queue =
        QueueConfiguration.builder()
            .queueArn(arn)
            .events(List.of("s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"))
            .filter(filter)
            .build();
    node.call(
        PUT_BUCKET_NOTIFICATION_CONFIGURATION,
        PutBucketNotificationConfigurationRequest.builder()
            .bucket("bucket")
            .notificationConfiguration(
                NotificationConfiguration.builder().queueConfigurations(List.of(queue)).build())
            .build());
  }

  private void put(String key) {
    node.call(
        PUT_OBJECT,
        PutObjectRequest.builder().bucket("bucket").key(key).body(Body.of("x")).build());
  }

  private List<String> messages() {
    node.run();
    var got =
        node.call(
            SqsApi.RECEIVE_MESSAGE,
            ReceiveMessageRequest.builder()
                .queueUrl("http://h/000000000000/q")
                .maxNumberOfMessages(10)
                .build());
    return got.messages() == null ? List.of() : got.messages().stream().map(m -> m.body()).toList();
  }

  @Test
  void aQueueIsToldOfWhatItsRuleNames() {
    node.call(CREATE_BUCKET, CreateBucketRequest.builder().bucket("bucket").build());
    assertEquals(
        "InvalidArgument", assertThrows(AwsException.class, () -> configure(QUEUE)).code());
    node.call(SqsApi.CREATE_QUEUE, CreateQueueRequest.builder().queueName("q").build());
    configure(QUEUE);
    assertTrue(messages().getFirst().contains("s3:TestEvent"));
    put("in/a b");
    put("out/a");
    node.call(DELETE_OBJECT, DeleteObjectRequest.builder().bucket("bucket").key("in/a b").build());
    List<String> got = messages();
    assertEquals(2, got.size());
    assertTrue(got.getFirst().contains("\"eventName\":\"ObjectCreated:Put\""), got.getFirst());
    assertTrue(got.getFirst().contains("\"key\":\"in/a+b\""), got.getFirst());
    assertTrue(got.get(1).contains("ObjectRemoved:Delete"), got.get(1));
  }
}
