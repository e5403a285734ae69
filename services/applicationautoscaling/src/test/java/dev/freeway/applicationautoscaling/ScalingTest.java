package dev.freeway.applicationautoscaling;

import static dev.freeway.applicationautoscaling.api.ApplicationautoscalingApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.applicationautoscaling.api.*;
import dev.freeway.cloudwatch.Cloudwatch;
import dev.freeway.cloudwatch.api.CloudwatchApi;
import dev.freeway.cloudwatch.api.Dimension;
import dev.freeway.cloudwatch.api.MetricDatum;
import dev.freeway.cloudwatch.api.PutMetricAlarmInput;
import dev.freeway.cloudwatch.api.PutMetricDataInput;
import dev.freeway.containers.fake.FakeRuntime;
import dev.freeway.containers.fake.Program;
import dev.freeway.ecs.Ecs;
import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.CreateClusterRequest;
import dev.freeway.ecs.api.CreateServiceRequest;
import dev.freeway.ecs.api.DescribeServicesRequest;
import dev.freeway.ecs.api.EcsApi;
import dev.freeway.ecs.api.RegisterContainerInstanceRequest;
import dev.freeway.ecs.api.RegisterTaskDefinitionRequest;
import dev.freeway.ecs.api.Resource;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// ECS services that are scaled, with the clock and the metrics a test sets.
final class ScalingTest {
  private static final String RESOURCE = "service/c/s";

  private final TestNode node =
      TestNode.of(
          Cloudwatch::new,
          p -> new Ecs(p, new FakeRuntime(spec -> Program.untilStopped(), p.clock())),
          Applicationautoscaling::new);

  @BeforeEach
  void service() {
    node.call(EcsApi.CREATE_CLUSTER, CreateClusterRequest.builder().clusterName("c").build());
    node.call(
        EcsApi.REGISTER_CONTAINER_INSTANCE,
        RegisterContainerInstanceRequest.builder()
            .cluster("c")
            .totalResources(List.of(resource("CPU"), resource("MEMORY")))
            .build());
    node.call(
        EcsApi.REGISTER_TASK_DEFINITION,
        RegisterTaskDefinitionRequest.builder()
            .family("f")
            .containerDefinitions(
                List.of(ContainerDefinition.builder().name("x").image("x").memory(16).build()))
            .build());
    node.call(
        EcsApi.CREATE_SERVICE,
        CreateServiceRequest.builder()
            .cluster("c")
            .serviceName("s")
            .taskDefinition("f")
            .desiredCount(2)
            .build());
    register(1, 6);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private static Resource resource(String name) {
    return Resource.builder().name(name).type("INTEGER").integerValue(100_000).build();
  }

  private void register(Integer least, Integer most) {
    node.call(
        REGISTER_SCALABLE_TARGET,
        RegisterScalableTargetRequest.builder()
            .serviceNamespace("ecs")
            .resourceId(RESOURCE)
            .scalableDimension("ecs:service:DesiredCount")
            .minCapacity(least)
            .maxCapacity(most)
            .build());
  }

  private int desired() {
    return node.call(
            EcsApi.DESCRIBE_SERVICES,
            DescribeServicesRequest.builder().cluster("c").services(List.of("s")).build())
        .services()
        .getFirst()
        .desiredCount();
  }

  private PutScalingPolicyRequest.Builder policy(String type) {
    return PutScalingPolicyRequest.builder()
        .policyName("p")
        .serviceNamespace("ecs")
        .resourceId(RESOURCE)
        .scalableDimension("ecs:service:DesiredCount")
        .policyType(type);
  }

  /// A minute with this load.
  private void minute(double value) {
    node.call(
        CloudwatchApi.PUT_METRIC_DATA,
        PutMetricDataInput.builder()
            .namespace("Own")
            .metricData(
                List.of(
                    MetricDatum.builder()
                        .metricName("Load")
                        .dimensions(List.of(new Dimension("Of", "s")))
                        .value(value)
                        .build()))
            .build());
    node.advance(Duration.ofMinutes(1));
    node.run();
  }

  private void minutes(int count, double value) {
    for (int i = 0; i < count; i++) {
      minute(value);
    }
    node.advance(Duration.ofSeconds(10));
    node.run();
  }

  private static StepAdjustment step(Double from, Double to, int by) {
    return StepAdjustment.builder()
        .metricIntervalLowerBound(from)
        .metricIntervalUpperBound(to)
        .scalingAdjustment(by)
        .build();
  }

  @Test
  void stepsFollowHowFarTheMetricIsBeyondTheThreshold() {
    String arn =
        node.call(
                PUT_SCALING_POLICY,
                policy("StepScaling")
                    .stepScalingPolicyConfiguration(
                        StepScalingPolicyConfiguration.builder()
                            .adjustmentType("ChangeInCapacity")
                            .cooldown(120)
                            .stepAdjustments(List.of(step(0.0, 10.0, 1), step(10.0, null, 3)))
                            .build())
                    .build())
            .policyARN();
    node.call(
        CloudwatchApi.PUT_METRIC_ALARM,
        PutMetricAlarmInput.builder()
            .alarmName("busy")
            .namespace("Own")
            .metricName("Load")
            .dimensions(List.of(new Dimension("Of", "s")))
            .statistic("Average")
            .period(60)
            .evaluationPeriods(1)
            .threshold(50.0)
            .comparisonOperator("GreaterThanThreshold")
            .alarmActions(List.of(arn))
            .build());
    minutes(2, 20);
    assertEquals(2, desired());
    minutes(1, 70);
    assertEquals(5, desired(), "twenty beyond: three more");
    minutes(1, 70);
    assertEquals(5, desired(), "it cools down");
    minutes(2, 55);
    assertEquals(6, desired(), "five beyond: one more, which is the most");
    var activity =
        node.call(
                DESCRIBE_SCALING_ACTIVITIES,
                DescribeScalingActivitiesRequest.builder().serviceNamespace("ecs").build())
            .scalingActivities()
            .getFirst();
    assertEquals("Successful", activity.statusCode());
    assertEquals("monitor alarm busy in state ALARM triggered policy p", activity.cause());
    assertEquals(
        "busy",
        node.call(
                DESCRIBE_SCALING_POLICIES,
                DescribeScalingPoliciesRequest.builder().serviceNamespace("ecs").build())
            .scalingPolicies()
            .getFirst()
            .alarms()
            .getFirst()
            .alarmName());
  }

  @Test
  void trackingGoesOutAndBackIn() {
    var made =
        node.call(
            PUT_SCALING_POLICY,
            policy("TargetTrackingScaling")
                .targetTrackingScalingPolicyConfiguration(
                    TargetTrackingScalingPolicyConfiguration.builder()
                        .targetValue(50.0)
                        .scaleInCooldown(60)
                        .scaleOutCooldown(60)
                        .customizedMetricSpecification(
                            CustomizedMetricSpecification.builder()
                                .namespace("Own")
                                .metricName("Load")
                                .dimensions(List.of(new MetricDimension("Of", "s")))
                                .statistic("Average")
                                .build())
                        .build())
                .build());
    assertEquals(2, made.alarms().size());
    minutes(4, 100);
    assertEquals(4, desired(), "twice the load of two tasks is that of four");
    minutes(17, 10);
    assertTrue(desired() < 4, "much less to do");
    assertTrue(desired() >= 1, "never below the least");
    node.call(
        DELETE_SCALING_POLICY,
        DeleteScalingPolicyRequest.builder()
            .policyName("p")
            .serviceNamespace("ecs")
            .resourceId(RESOURCE)
            .scalableDimension("ecs:service:DesiredCount")
            .build());
    var left =
        node.call(
            CloudwatchApi.DESCRIBE_ALARMS,
            dev.freeway.cloudwatch.api.DescribeAlarmsInput.builder().build());
    assertTrue(left.metricAlarms().isEmpty(), "its alarms went with it");
  }

  @Test
  void scheduledActionsMoveTheBounds() {
    node.call(
        PUT_SCHEDULED_ACTION,
        PutScheduledActionRequest.builder()
            .serviceNamespace("ecs")
            .scheduledActionName("morning")
            .resourceId(RESOURCE)
            .scalableDimension("ecs:service:DesiredCount")
            .schedule("cron(0 8 * * ? *)")
            .timezone("Europe/Berlin")
            .scalableTargetAction(new ScalableTargetAction(4, 8))
            .build());
    node.advance(Duration.ofHours(6).plusMinutes(59));
    assertEquals(2, desired());
    node.advance(Duration.ofMinutes(1));
    node.run();
    assertEquals(4, desired(), "eight in Berlin is seven in winter");
    var target =
        node.call(
                DESCRIBE_SCALABLE_TARGETS,
                DescribeScalableTargetsRequest.builder().serviceNamespace("ecs").build())
            .scalableTargets()
            .getFirst();
    assertEquals(8, target.maxCapacity());
  }

  @Test
  void refusesWhatIsNotScaledHere() {
    var other =
        RegisterScalableTargetRequest.builder()
            .serviceNamespace("dynamodb")
            .resourceId("table/t")
            .scalableDimension("dynamodb:table:ReadCapacityUnits")
            .minCapacity(1)
            .maxCapacity(2)
            .build();
    refused("ValidationException", () -> node.call(REGISTER_SCALABLE_TARGET, other));
    refused("ValidationException", () -> register(5, 1));
    var nobody =
        other.toBuilder()
            .serviceNamespace("ecs")
            .scalableDimension("ecs:service:DesiredCount")
            .resourceId("service/c/nobody")
            .build();
    refused("ValidationException", () -> node.call(REGISTER_SCALABLE_TARGET, nobody));
    refused(
        "ObjectNotFoundException",
        () ->
            node.call(
                PUT_SCALING_POLICY, policy("StepScaling").resourceId("service/c/other").build()));
  }

  private static void refused(String code, org.junit.jupiter.api.function.Executable what) {
    assertEquals(code, assertThrows(AwsException.class, what).code());
  }

  @ParameterizedTest
  @CsvSource({"10,25,2", "1,25,1", "10,-25,-2", "3,-10,-1"})
  void percentagesGoTowardsZeroButNeverToIt(int now, int percent, int change) {
    var c =
        StepScalingPolicyConfiguration.builder()
            .adjustmentType("PercentChangeInCapacity")
            .stepAdjustments(List.of(step(null, null, percent)))
            .build();
    assertEquals(now + change, Steps.capacity(c, now, 1));
  }

  private PutScalingPolicyResponse trackRequests(String label) {
    var metric = new PredefinedMetricSpecification("ALBRequestCountPerTarget", label);
    return node.call(
        PUT_SCALING_POLICY,
        policy("TargetTrackingScaling")
            .targetTrackingScalingPolicyConfiguration(
                TargetTrackingScalingPolicyConfiguration.builder()
                    .targetValue(100.0)
                    .predefinedMetricSpecification(metric)
                    .build())
            .build());
  }

  @Test
  void requestsPerTargetAreThoseOfTheLoadBalancerAndGroupOfTheLabel() {
    trackRequests("app/web/0123456789abcdef/targetgroup/web/fedcba9876543210");
    var alarms =
        node.call(
                CloudwatchApi.DESCRIBE_ALARMS,
                dev.freeway.cloudwatch.api.DescribeAlarmsInput.builder().build())
            .metricAlarms();
    assertEquals(2, alarms.size());
    alarms.forEach(
        a -> {
          assertEquals("RequestCountPerTarget", a.metricName());
          assertEquals("Sum", a.statistic());
          assertTrue(
              a.dimensions()
                  .contains(new Dimension("TargetGroup", "targetgroup/web/fedcba9876543210")));
        });
    assertThrows(AwsException.class, () -> trackRequests("web"));
    assertThrows(AwsException.class, () -> trackRequests(null));
  }
}
