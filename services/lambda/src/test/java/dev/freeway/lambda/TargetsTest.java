package dev.freeway.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.events.api.EventsApi;
import dev.freeway.events.api.PutEventsRequest;
import dev.freeway.events.api.PutEventsRequestEntry;
import dev.freeway.events.api.PutRuleRequest;
import dev.freeway.events.api.PutTargetsRequest;
import dev.freeway.events.api.Target;
import dev.freeway.logs.api.CreateLogGroupRequest;
import dev.freeway.logs.api.CreateLogStreamRequest;
import dev.freeway.logs.api.InputLogEvent;
import dev.freeway.logs.api.LogsApi;
import dev.freeway.logs.api.PutLogEventsRequest;
import dev.freeway.logs.api.PutSubscriptionFilterRequest;
import dev.freeway.s3.api.CreateBucketRequest;
import dev.freeway.s3.api.LambdaFunctionConfiguration;
import dev.freeway.s3.api.NotificationConfiguration;
import dev.freeway.s3.api.PutBucketNotificationConfigurationRequest;
import dev.freeway.s3.api.PutObjectRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.sns.api.CreateTopicInput;
import dev.freeway.sns.api.PublishInput;
import dev.freeway.sns.api.SnsApi;
import dev.freeway.sns.api.SubscribeInput;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Services that invoke functions, and the events they give them.
class TargetsTest {
  private static final String F = "arn:aws:lambda:us-east-1:000000000000:function:fn";
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  private Functioning functioning() {
    Functioning f =
        new Functioning(
            (event, p) -> {
              events.add(event);
              return "null";
            });
    f.create("fn");
    return f;
  }

  private JsonNode event(Functioning f) {
    f.node.run();
    String e = events.poll();
    assertTrue(e != null, "the function was not invoked");
    return JsonMapper.shared().readTree(e);
  }

  @Test
  void aTopicsMessageIsAnEvent() {
    try (var f = functioning()) {
      String topic =
          f.node.call(SnsApi.CREATE_TOPIC, CreateTopicInput.builder().name("t").build()).topicArn();
      f.node.call(
          SnsApi.SUBSCRIBE,
          SubscribeInput.builder().topicArn(topic).protocol("lambda").endpoint(F).build());
      f.node.call(
          SnsApi.PUBLISH,
          PublishInput.builder().topicArn(topic).message("hello").subject("s").build());
      JsonNode record = event(f).path("Records").path(0);
      assertEquals("aws:sns", record.path("EventSource").asString());
      assertTrue(record.path("EventSubscriptionArn").asString().startsWith(topic + ":"));
      JsonNode sns = record.path("Sns");
      assertEquals("hello", sns.path("Message").asString());
      assertEquals("s", sns.path("Subject").asString());
      assertTrue(sns.has("UnsubscribeUrl") && sns.has("SigningCertUrl"), sns.toString());
      assertTrue(sns.path("MessageAttributes").isObject());
    }
  }

  @Test
  void anObjectIsAnEvent() {
    try (var f = functioning()) {
      f.node.call(S3Api.CREATE_BUCKET, CreateBucketRequest.builder().bucket("bkt").build());
      notify(f, F);
      f.node.run();
      assertTrue(events.isEmpty(), "functions get no test event");
      f.node.call(
          S3Api.PUT_OBJECT,
          PutObjectRequest.builder().bucket("bkt").key("k").body(Body.of("x")).build());
      JsonNode record = event(f).path("Records").path(0);
      assertEquals("ObjectCreated:Put", record.path("eventName").asString());
      assertEquals("k", record.path("s3").path("object").path("key").asString());
      var e = assertThrows(AwsException.class, () -> notify(f, F + "2"));
      assertEquals("Unable to validate the following destination configurations", e.message());
    }
  }

  private static void notify(Functioning f, String function) {
    f.node.call(
        S3Api.PUT_BUCKET_NOTIFICATION_CONFIGURATION,
        PutBucketNotificationConfigurationRequest.builder()
            .bucket("bkt")
            .notificationConfiguration(
                NotificationConfiguration.builder()
                    .lambdaFunctionConfigurations(
                        List.of(
                            LambdaFunctionConfiguration.builder()
                                .lambdaFunctionArn(function)
                                .events(List.of("s3:ObjectCreated:*"))
                                .build()))
                    .build())
            .build());
  }

  @Test
  void aRuleInvokesItsTarget() {
    try (var f = functioning()) {
      f.node.call(
          EventsApi.PUT_RULE,
          PutRuleRequest.builder().name("r").eventPattern("{\"source\":[\"my\"]}").build());
      f.node.call(
          EventsApi.PUT_TARGETS,
          PutTargetsRequest.builder()
              .rule("r")
              .targets(List.of(Target.builder().id("1").arn(F).build()))
              .build());
      f.node.call(
          EventsApi.PUT_EVENTS,
          PutEventsRequest.builder()
              .entries(
                  List.of(
                      PutEventsRequestEntry.builder()
                          .source("my")
                          .detailType("t")
                          .detail("{\"a\":1}")
                          .build()))
              .build());
      assertEquals(1, event(f).path("detail").path("a").asInt());
    }
  }

  @Test
  void matchingLogEventsComeCompressed() throws Exception {
    try (var f = functioning()) {
      f.node.call(
          LogsApi.CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName("g").build());
      f.node.call(LogsApi.CREATE_LOG_STREAM, new CreateLogStreamRequest("g", "s"));
      f.node.call(
          LogsApi.PUT_SUBSCRIPTION_FILTER,
          PutSubscriptionFilterRequest.builder()
              .logGroupName("g")
              .filterName("errors")
              .filterPattern("ERROR")
              .destinationArn(F)
              .build());
      long at = TestNode.START.toEpochMilli();
      f.node.call(
          LogsApi.PUT_LOG_EVENTS,
          PutLogEventsRequest.builder()
              .logGroupName("g")
              .logStreamName("s")
              .logEvents(List.of(new InputLogEvent(at, "fine"), new InputLogEvent(at, "ERROR one")))
              .build());
      String data = event(f).path("awslogs").path("data").asString();
      byte[] json =
          new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(data)))
              .readAllBytes();
      JsonNode batch = JsonMapper.shared().readTree(new String(json, StandardCharsets.UTF_8));
      assertEquals("DATA_MESSAGE", batch.path("messageType").asString());
      assertEquals("errors", batch.path("subscriptionFilters").path(0).asString());
      assertEquals(1, batch.path("logEvents").size());
      assertEquals("ERROR one", batch.path("logEvents").path(0).path("message").asString());
    }
  }

  @Test
  void aFunctionIsNotSubscribedToItsOwnLog() {
    try (var f = functioning()) {
      f.invoke("fn", "{}");
      var e =
          assertThrows(
              AwsException.class,
              () ->
                  f.node.call(
                      LogsApi.PUT_SUBSCRIPTION_FILTER,
                      PutSubscriptionFilterRequest.builder()
                          .logGroupName("/aws/lambda/fn")
                          .filterName("x")
                          .filterPattern("")
                          .destinationArn(F)
                          .build()));
      assertTrue(e.message().contains("is reserved for the function logs"), e.message());
    }
  }
}
