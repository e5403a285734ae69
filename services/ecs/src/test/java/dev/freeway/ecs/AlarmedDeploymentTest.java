package dev.freeway.ecs;

import static dev.freeway.cloudwatch.api.CloudwatchApi.*;
import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.cloudwatch.api.PutMetricAlarmInput;
import dev.freeway.cloudwatch.api.SetAlarmStateInput;
import dev.freeway.ecs.api.*;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Deployments that CloudWatch alarms watch.
final class AlarmedDeploymentTest extends EcsFixture {
  private String one;
  private String two;

  private void begin(boolean rollback) {
    cluster();
    one = define(container("web", "web").build());
    two = define(container("web", "web").build());
    node.call(
        PUT_METRIC_ALARM,
        PutMetricAlarmInput.builder()
            .alarmName("errors")
            .namespace("App")
            .metricName("errors")
            .statistic("Sum")
            .period(60)
            .evaluationPeriods(2)
            .threshold(1.0)
            .comparisonOperator("GreaterThanThreshold")
            .treatMissingData("ignore")
            .build());
    node.call(
        CREATE_SERVICE,
        service(one, 1)
            .deploymentConfiguration(
                DeploymentConfiguration.builder()
                    .alarms(
                        new dev.freeway.ecs.api.DeploymentAlarms(List.of("errors"), rollback, true))
                    .build())
            .build());
    bake();
  }

  private void bake() {
    inTime("runs", () -> service().runningCount() == 1);
    node.advance(Duration.ofMinutes(3));
    steady();
  }

  private void ring(String state) {
    node.call(
        SET_ALARM_STATE,
        SetAlarmStateInput.builder()
            .alarmName("errors")
            .stateValue(state)
            .stateReason("a test")
            .build());
  }

  private void update() {
    node.call(
        UPDATE_SERVICE,
        UpdateServiceRequest.builder().cluster("c").service("s").taskDefinition(two).build());
  }

  @Test
  void bakesUntilTheAlarmsHaveSeenTheTasks() {
    begin(true);
    update();
    inTime(
        "replaced",
        () -> running().size() == 1 && running().getFirst().taskDefinitionArn().equals(two));
    node.advance(Duration.ofSeconds(100));
    assertEquals("IN_PROGRESS", primary().rolloutState());
    node.advance(Duration.ofSeconds(30));
    steady();
    assertEquals(two, service().taskDefinition());
  }

  @Test
  void anAlarmRollsBack() {
    begin(true);
    update();
    node.advance(Duration.ofSeconds(1));
    ring("ALARM");
    inTime("rolled back", () -> service().taskDefinition().equals(one));
    assertTrue(
        messages().stream().anyMatch(m -> m.contains("deployment failed: alarm detected: errors.")),
        "" + messages());
    inTime("the old one runs", () -> service().runningCount() == 1);
    steady();
  }

  @Test
  void withoutRollbackTheDeploymentHasFailed() {
    begin(false);
    update();
    node.advance(Duration.ofSeconds(1));
    ring("ALARM");
    inTime("failed", () -> primary().rolloutState().equals("FAILED"));
    assertEquals("ECS deployment alarms: alarm detected: errors.", primary().rolloutStateReason());
    assertEquals(two, service().taskDefinition());
  }

  @Test
  void anAlarmThatRangBeforeDoesNotCount() {
    begin(true);
    ring("ALARM");
    node.advance(Duration.ofSeconds(1));
    update();
    inTime(
        "replaced",
        () -> running().size() == 1 && running().getFirst().taskDefinitionArn().equals(two));
    bake();
    assertEquals(two, service().taskDefinition());
  }
}
