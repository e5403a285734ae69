package dev.freeway.cloudwatch;

import static dev.freeway.cloudwatch.api.CloudwatchApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.cloudwatch.api.*;
import dev.freeway.flow.Subscriber;
import dev.freeway.platform.Event;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlarmsTest {
  private final List<Event> told = new ArrayList<>();
  private final TestNode node =
      TestNode.of(
          platform -> {
            platform
                .events()
                .subscribe(
                    new Subscriber<>() {
                      @Override
                      public String name() {
                        return "test";
                      }

                      @Override
                      public boolean wants(String topic) {
                        return topic.equals("aws.cloudwatch");
                      }

                      @Override
                      public void deliver(long number, String topic, Event event) {
                        told.add(event);
                      }
                    });
            return new Cloudwatch(platform);
          });

  @AfterEach
  void stop() {
    node.close();
  }

  private void put(String metric, double value) {
    node.call(
        PUT_METRIC_DATA,
        PutMetricDataInput.builder()
            .namespace("App")
            .metricData(List.of(MetricDatum.builder().metricName(metric).value(value).build()))
            .build());
  }

  private static PutMetricAlarmInput.Builder alarm(String name) {
    return PutMetricAlarmInput.builder()
        .alarmName(name)
        .namespace("App")
        .metricName("errors")
        .statistic("Sum")
        .period(60)
        .evaluationPeriods(1)
        .threshold(5.0)
        .comparisonOperator("GreaterThanThreshold");
  }

  private void make(PutMetricAlarmInput.Builder alarm) {
    node.call(PUT_METRIC_ALARM, alarm.build());
    node.run();
  }

  private MetricAlarm describe(String name) {
    return node.call(
            DESCRIBE_ALARMS, DescribeAlarmsInput.builder().alarmNames(List.of(name)).build())
        .metricAlarms()
        .getFirst();
  }

  private CompositeAlarm composite(String name) {
    return node.call(
            DESCRIBE_ALARMS,
            DescribeAlarmsInput.builder()
                .alarmNames(List.of(name))
                .alarmTypes(List.of("CompositeAlarm"))
                .build())
        .compositeAlarms()
        .getFirst();
  }

  private void minute() {
    node.advance(Duration.ofMinutes(1));
  }

  @Test
  void goesIntoAlarmAndBackByTheClock() {
    make(alarm("a"));
    assertEquals("INSUFFICIENT_DATA", describe("a").stateValue());
    assertEquals("Unchecked: Initial alarm creation", describe("a").stateReason());
    put("errors", 6);
    minute();
    assertEquals("INSUFFICIENT_DATA", describe("a").stateValue());
    node.advance(Duration.ofSeconds(10));
    assertEquals("ALARM", describe("a").stateValue());
    assertEquals(
        "Threshold Crossed: 1 out of the last 1 datapoints [6.0 (01/01/26 00:00:00)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).",
        describe("a").stateReason());
    put("errors", 1);
    node.advance(Duration.ofMinutes(2));
    assertEquals("OK", describe("a").stateValue());
    for (int i = 0; i < 4; i++) {
      minute();
    }
    assertEquals("INSUFFICIENT_DATA", describe("a").stateValue());
    assertEquals("Insufficient Data: 1 datapoint was unknown.", describe("a").stateReason());
  }

  @Test
  void tellsOfItsStatesAsAwsDoes() {
    make(alarm("a").alarmDescription("too many"));
    put("errors", 6);
    node.advance(Duration.ofSeconds(70));
    Event change = told.getLast();
    assertEquals("CloudWatch Alarm State Change", change.detailType());
    assertEquals(
        "arn:aws:cloudwatch:us-east-1:000000000000:alarm:a", change.resources().getFirst());
    assertEquals("a", change.detail().get("alarmName"));
    assertTrue(change.detail().get("state").toString().contains("value=ALARM"));
    assertTrue(change.detail().get("previousState").toString().contains("INSUFFICIENT_DATA"));
    assertTrue(change.detail().get("configuration").toString().contains("name=errors"));
    var history =
        node.call(
                DESCRIBE_ALARM_HISTORY, DescribeAlarmHistoryInput.builder().alarmName("a").build())
            .alarmHistoryItems();
    assertEquals(
        List.of("StateUpdate", "ConfigurationUpdate"),
        history.stream().map(AlarmHistoryItem::historyItemType).toList());
    assertEquals(
        "Alarm updated from INSUFFICIENT_DATA to ALARM", history.getFirst().historySummary());
  }

  @Test
  void watchesExpressions() {
    Metric errors = Metric.builder().namespace("App").metricName("errors").build();
    Metric requests = Metric.builder().namespace("App").metricName("requests").build();
    make(
        PutMetricAlarmInput.builder()
            .alarmName("rate")
            .evaluationPeriods(1)
            .threshold(10.0)
            .comparisonOperator("GreaterThanOrEqualToThreshold")
            .metrics(
                List.of(
                    stat("m1", errors),
                    stat("m2", requests),
                    MetricDataQuery.builder()
                        .id("e1")
                        .expression("100 * FILL(m1, 0) / m2")
                        .returnData(true)
                        .build())));
    put("requests", 50);
    node.advance(Duration.ofSeconds(70));
    assertEquals("OK", describe("rate").stateValue());
    put("requests", 50);
    put("errors", 5);
    node.advance(Duration.ofSeconds(60));
    assertEquals("ALARM", describe("rate").stateValue());
  }

  private static MetricDataQuery stat(String id, Metric metric) {
    return MetricDataQuery.builder()
        .id(id)
        .metricStat(MetricStat.builder().metric(metric).period(60).stat("Sum").build())
        .returnData(false)
        .build();
  }

  @Test
  void percentilesOfFewSamplesMayBeIgnored() {
    make(alarm("few").statistic(null).extendedStatistic("p90"));
    make(
        alarm("enough")
            .statistic(null)
            .extendedStatistic("p90")
            .evaluateLowSampleCountPercentile("ignore"));
    put("errors", 6);
    node.advance(Duration.ofSeconds(70));
    assertEquals("ALARM", describe("few").stateValue());
    assertEquals("INSUFFICIENT_DATA", describe("enough").stateValue());
    for (int i = 0; i < 101; i++) {
      put("errors", 6);
    }
    node.advance(Duration.ofSeconds(60));
    assertEquals("ALARM", describe("enough").stateValue());
  }

  @Test
  void anUpdateKeepsTheState() {
    make(alarm("a"));
    put("errors", 6);
    node.advance(Duration.ofSeconds(70));
    node.call(PUT_METRIC_ALARM, alarm("a").threshold(100.0).build());
    assertEquals("ALARM", describe("a").stateValue());
    node.run();
    assertEquals("OK", describe("a").stateValue());
  }

  @Test
  void compositeAlarmsFollowTheirChildren() {
    make(alarm("a"));
    make(alarm("b"));
    node.call(
        PUT_COMPOSITE_ALARM,
        PutCompositeAlarmInput.builder()
            .alarmName("both")
            .alarmRule("ALARM(a) AND NOT OK(\"b\")")
            .build());
    node.run();
    assertEquals("OK", composite("both").stateValue());
    set("a", "ALARM");
    assertEquals("ALARM", composite("both").stateValue());
    assertTrue(
        composite("both")
            .stateReason()
            .contains("alarm:a transitioned to ALARM at Thursday 01 January, 2026"));
    set("b", "OK");
    assertEquals("OK", composite("both").stateValue());
    AwsException loop =
        assertThrows(
            AwsException.class,
            () ->
                node.call(
                    PUT_COMPOSITE_ALARM,
                    PutCompositeAlarmInput.builder()
                        .alarmName("both")
                        .alarmRule("ALARM(both)")
                        .build()));
    assertEquals("ValidationError", loop.code());
    node.call(DELETE_ALARMS, DeleteAlarmsInput.builder().alarmNames(List.of("a")).build());
    node.run();
    assertEquals("INSUFFICIENT_DATA", composite("both").stateValue());
  }

  private void set(String name, String state) {
    node.call(
        SET_ALARM_STATE,
        SetAlarmStateInput.builder()
            .alarmName(name)
            .stateValue(state)
            .stateReason("a test")
            .build());
    node.run();
  }

  @Test
  void failedActionsAreInTheHistory() {
    make(alarm("a").alarmActions(List.of("arn:aws:automate:us-east-1:ec2:stop")));
    set("a", "ALARM");
    var item =
        node.call(
                DESCRIBE_ALARM_HISTORY,
                DescribeAlarmHistoryInput.builder().historyItemType("Action").build())
            .alarmHistoryItems()
            .getFirst();
    assertTrue(item.historySummary().startsWith("Failed to execute action arn:aws:automate"));
  }

  @Test
  void refusesWhatCannotBeWatched() {
    for (PutMetricAlarmInput.Builder wrong :
        List.of(
            alarm("a").period(45),
            alarm("a").statistic(null),
            alarm("a").evaluationPeriods(1441),
            alarm("a").datapointsToAlarm(2),
            alarm("a").treatMissingData("maybe"),
            alarm("a").threshold(Double.NaN),
            alarm("a").alarmActions(List.of("me@example.com")),
            alarm("a").comparisonOperator("GreaterThanUpperThreshold"),
            alarm("a").metricName(null))) {
      assertThrows(AwsException.class, () -> node.call(PUT_METRIC_ALARM, wrong.build()));
    }
  }
}
