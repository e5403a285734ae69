package dev.freeway.cloudwatch;

import static dev.freeway.cloudwatch.api.CloudwatchApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.cloudwatch.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A composite alarm `c` on `child`, held by `deploying`: it waits a minute and two more.
class SuppressionTest {
  private final TestNode node = TestNode.of(Cloudwatch::new);

  @BeforeEach
  void alarms() {
    for (String name : List.of("child", "deploying")) {
      node.call(
          PUT_METRIC_ALARM,
          PutMetricAlarmInput.builder()
              .alarmName(name)
              .namespace("App")
              .metricName(name)
              .statistic("Sum")
              .period(60)
              .evaluationPeriods(1)
              .threshold(1.0)
              .comparisonOperator("GreaterThanThreshold")
              .treatMissingData("ignore")
              .build());
      set(name, "OK");
    }
    node.call(PUT_COMPOSITE_ALARM, suppressedBy("deploying").build());
    node.run();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static PutCompositeAlarmInput.Builder suppressedBy(String name) {
    return PutCompositeAlarmInput.builder()
        .alarmName("c")
        .alarmRule("ALARM(child)")
        .alarmActions(List.of("arn:aws:automate:us-east-1:ec2:stop"))
        .actionsSuppressor(name)
        .actionsSuppressorWaitPeriod(60)
        .actionsSuppressorExtensionPeriod(120);
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

  private int actions() {
    return node.call(
            DESCRIBE_ALARM_HISTORY,
            DescribeAlarmHistoryInput.builder().alarmName("c").historyItemType("Action").build())
        .alarmHistoryItems()
        .size();
  }

  private CompositeAlarm alarm() {
    return node.call(
            DESCRIBE_ALARMS,
            DescribeAlarmsInput.builder().alarmTypes(List.of("CompositeAlarm")).build())
        .compositeAlarms()
        .getFirst();
  }

  @Test
  void actsAfterTheWaitPeriodWhenNothingSuppresses() {
    set("child", "ALARM");
    assertEquals("ALARM", alarm().stateValue());
    assertEquals("WaitPeriod", alarm().actionsSuppressedBy());
    node.advance(Duration.ofSeconds(59));
    assertEquals(0, actions());
    node.advance(Duration.ofSeconds(1));
    assertEquals(1, actions());
    assertNull(alarm().actionsSuppressedBy());
  }

  @Test
  void actsWhenTheSuppressorAndItsExtensionAreOver() {
    set("child", "ALARM");
    set("deploying", "ALARM");
    assertEquals("Alarm", alarm().actionsSuppressedBy());
    node.advance(Duration.ofHours(1));
    assertEquals(0, actions());
    set("deploying", "OK");
    assertEquals("ExtensionPeriod", alarm().actionsSuppressedBy());
    node.advance(Duration.ofSeconds(119));
    assertEquals(0, actions());
    node.advance(Duration.ofSeconds(1));
    assertEquals(1, actions());
  }

  @Test
  void whatIsOverBeforeIsNeverActedOn() {
    set("deploying", "ALARM");
    set("child", "ALARM");
    assertEquals("Alarm", alarm().actionsSuppressedBy());
    set("child", "OK");
    assertNull(alarm().actionsSuppressedBy());
    set("deploying", "OK");
    node.advance(Duration.ofHours(1));
    assertEquals(0, actions());
  }

  @Test
  void refusesSuppressorsThatCannotBe() {
    for (PutCompositeAlarmInput.Builder wrong :
        List.of(
            suppressedBy("nobody"),
            suppressedBy("c"),
            suppressedBy("child").actionsSuppressorWaitPeriod(null),
            suppressedBy("child").actionsSuppressor(null))) {
      assertThrows(AwsException.class, () -> node.call(PUT_COMPOSITE_ALARM, wrong.build()));
    }
  }
}
