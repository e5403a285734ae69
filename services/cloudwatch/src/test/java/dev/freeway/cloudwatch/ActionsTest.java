package dev.freeway.cloudwatch;

import static dev.freeway.cloudwatch.api.CloudwatchApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.cloudwatch.api.*;
import dev.freeway.kms.Kms;
import dev.freeway.sns.Sns;
import dev.freeway.sns.api.CreateTopicInput;
import dev.freeway.sns.api.SnsApi;
import dev.freeway.sns.api.SubscribeInput;
import dev.freeway.sqs.Sqs;
import dev.freeway.sqs.api.CreateQueueRequest;
import dev.freeway.sqs.api.ReceiveMessageRequest;
import dev.freeway.sqs.api.SqsApi;
import dev.freeway.testkit.TestNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ActionsTest {
  private final TestNode node = TestNode.of(Kms::new, Sns::new, Sqs::new, Cloudwatch::new);

  @AfterEach
  void stop() {
    node.close();
  }

  private String queue;
  private String topic;

  private void listen() {
    topic = node.call(SnsApi.CREATE_TOPIC, CreateTopicInput.builder().name("t").build()).topicArn();
    queue =
        node.call(SqsApi.CREATE_QUEUE, CreateQueueRequest.builder().queueName("q").build())
            .queueUrl();
    node.call(
        SnsApi.SUBSCRIBE,
        SubscribeInput.builder()
            .topicArn(topic)
            .protocol("sqs")
            .endpoint("arn:aws:sqs:us-east-1:000000000000:q")
            .build());
  }

  private List<JsonNode> messages() {
    var got =
        node.call(
                SqsApi.RECEIVE_MESSAGE,
                ReceiveMessageRequest.builder().queueUrl(queue).maxNumberOfMessages(10).build())
            .messages();
    return got == null
        ? List.of()
        : got.stream().map(m -> JsonMapper.shared().readTree(m.body())).toList();
  }

  private void make(boolean enabled) {
    node.call(
        PUT_METRIC_ALARM,
        PutMetricAlarmInput.builder()
            .alarmName("a")
            .alarmDescription("too many")
            .namespace("App")
            .metricName("errors")
            .dimensions(List.of(new Dimension("Svc", "web")))
            .statistic("Sum")
            .period(60)
            .evaluationPeriods(1)
            .threshold(1.0)
            .comparisonOperator("GreaterThanThreshold")
            .treatMissingData("ignore")
            .actionsEnabled(enabled)
            .alarmActions(List.of(topic))
            .build());
    node.run();
  }

  private void set(String state) {
    node.call(
        SET_ALARM_STATE,
        SetAlarmStateInput.builder()
            .alarmName("a")
            .stateValue(state)
            .stateReason("a test")
            .build());
    node.run();
  }

  @Test
  void topicsGetAwssMessageOncePerTransition() {
    listen();
    make(true);
    set("ALARM");
    set("ALARM");
    set("OK");
    List<JsonNode> all = messages();
    assertEquals(1, all.size());
    assertEquals(
        "ALARM: \"a\" in US East (N. Virginia)", all.getFirst().path("Subject").asString());
    JsonNode m = JsonMapper.shared().readTree(all.getFirst().path("Message").asString());
    assertEquals("a", m.path("AlarmName").asString());
    assertEquals("ALARM", m.path("NewStateValue").asString());
    assertEquals("INSUFFICIENT_DATA", m.path("OldStateValue").asString());
    assertEquals("2026-01-01T00:00:00.000+0000", m.path("StateChangeTime").asString());
    assertEquals("SUM", m.path("Trigger").path("Statistic").asString());
    assertEquals(
        "{\"value\":\"web\",\"name\":\"Svc\"}",
        m.path("Trigger").path("Dimensions").get(0).toString());
    var history =
        node.call(
                DESCRIBE_ALARM_HISTORY,
                DescribeAlarmHistoryInput.builder().historyItemType("Action").build())
            .alarmHistoryItems();
    assertEquals(1, history.size());
    assertEquals("Successfully executed action " + topic, history.getFirst().historySummary());
    JsonNode data = JsonMapper.shared().readTree(history.getFirst().historyData());
    assertEquals("Succeeded", data.path("actionState").asString());
  }

  @Test
  void disabledActionsAreNotDone() {
    listen();
    make(false);
    set("ALARM");
    assertEquals(List.of(), messages());
    set("OK");
    node.call(
        ENABLE_ALARM_ACTIONS, EnableAlarmActionsInput.builder().alarmNames(List.of("a")).build());
    set("ALARM");
    assertEquals(1, messages().size());
  }

  @Test
  void aTopicThatIsGoneIsToldInTheHistory() {
    listen();
    topic = topic + "-gone";
    make(true);
    set("ALARM");
    var item =
        node.call(
                DESCRIBE_ALARM_HISTORY,
                DescribeAlarmHistoryInput.builder().historyItemType("Action").build())
            .alarmHistoryItems()
            .getFirst();
    assertTrue(item.historySummary().contains("Topic does not exist"), item.historySummary());
  }
}
