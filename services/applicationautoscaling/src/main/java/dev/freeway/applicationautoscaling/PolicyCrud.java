package dev.freeway.applicationautoscaling;

import dev.freeway.applicationautoscaling.Scaled.Policy;
import dev.freeway.applicationautoscaling.api.*;
import dev.freeway.applicationautoscaling.uses.cloudwatch.CloudwatchApi;
import dev.freeway.applicationautoscaling.uses.cloudwatch.DescribeAlarmsInput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;

/// Scaling policies: by steps on the caller's alarms, and target tracking on alarms of its own.
final class PolicyCrud {
  private final Platform platform;
  private final Scaled scaled;
  private final TrackingAlarms alarms;

  PolicyCrud(Platform platform, Scaled scaled, TrackingAlarms alarms) {
    this.platform = platform;
    this.scaled = scaled;
    this.alarms = alarms;
  }

  private static AwsException invalid(String message) {
    return ApplicationautoscalingErrors.validationException(message);
  }

  /// Names of the alarms that a policy made itself.
  static List<String> own(ScalingPolicy p) {
    return p.alarms() == null ? List.of() : p.alarms().stream().map(Alarm::alarmName).toList();
  }

  static boolean tracks(ScalingPolicy p) {
    return p.policyType().equals("TargetTrackingScaling");
  }

  PutScalingPolicyResponse put(Call call, PutScalingPolicyRequest in) {
    EcsCapacity.check(in.serviceNamespace(), in.scalableDimension());
    platform.store().read(tx -> scaled.require(tx, call.scope(), in.resourceId()));
    Policy before = find(call.scope(), in.resourceId(), in.policyName());
    String type =
        in.policyType() != null
            ? in.policyType()
            : before == null ? "StepScaling" : before.policy().policyType();
    check(in, type);
    if (before != null && !before.policy().policyType().equals(type)) {
      throw invalid("The type of a scaling policy cannot be changed.");
    }
    ScalingPolicy plan =
        ScalingPolicy.builder()
            .policyARN(
                before != null
                    ? before.policy().policyARN()
                    : call.arn(
                            "autoscaling",
                            "scalingPolicy:%s:resource/ecs/%s:policyName/%s"
                                .formatted(Ids.uuid(), in.resourceId(), in.policyName()))
                        .toString())
            .policyName(in.policyName())
            .serviceNamespace(EcsCapacity.NAMESPACE)
            .resourceId(in.resourceId())
            .scalableDimension(EcsCapacity.DIMENSION)
            .policyType(type)
            .stepScalingPolicyConfiguration(in.stepScalingPolicyConfiguration())
            .targetTrackingScalingPolicyConfiguration(in.targetTrackingScalingPolicyConfiguration())
            .alarms(before == null ? List.of() : before.policy().alarms())
            .creationTime(before == null ? call.at() : before.policy().creationTime())
            .build();
    List<Alarm> watching = tracks(plan) ? alarms.put(call.scope(), plan) : List.of();
    ScalingPolicy made = plan.toBuilder().alarms(watching).build();
    platform
        .store()
        .update(
            tx -> {
              Policy p =
                  new Policy(
                      call.account(),
                      call.region(),
                      made,
                      before == null ? null : before.scaledAt());
              scaled.save(tx, p);
              platform.flow().wake(tx, PolicyReconciler.KIND, p.key());
            });
    return PutScalingPolicyResponse.builder()
        .policyARN(made.policyARN())
        .alarms(made.alarms())
        .build();
  }

  private static void check(PutScalingPolicyRequest in, String type) {
    switch (type) {
      case "StepScaling" -> {
        StepScalingPolicyConfiguration c = in.stepScalingPolicyConfiguration();
        if (c == null || c.adjustmentType() == null || c.stepAdjustments() == null) {
          throw invalid(
              "Step scaling policies need a StepScalingPolicyConfiguration with AdjustmentType and StepAdjustments.");
        }
        Steps.check(c.stepAdjustments());
      }
      case "TargetTrackingScaling" -> {
        TargetTrackingScalingPolicyConfiguration c = in.targetTrackingScalingPolicyConfiguration();
        if (c == null) {
          throw invalid(
              "Target tracking policies need a TargetTrackingScalingPolicyConfiguration.");
        }
        if (c.targetValue() <= 0) {
          throw invalid("TargetValue must be greater than 0.");
        }
        TrackingAlarms.queries(c, in.resourceId());
      }
      default -> throw invalid("Freeway has no predictive scaling.");
    }
  }

  private @org.jspecify.annotations.Nullable Policy find(
      Scope scope, String resource, String name) {
    return platform.store().read(tx -> scaled.policy(tx, scope.key(resource, name))).orElse(null);
  }

  DeleteScalingPolicyResponse delete(Call call, DeleteScalingPolicyRequest in) {
    EcsCapacity.check(in.serviceNamespace(), in.scalableDimension());
    Policy p = find(call.scope(), in.resourceId(), in.policyName());
    if (p == null) {
      throw ApplicationautoscalingErrors.objectNotFoundException(
          "No scaling policy found for service namespace: ecs, resource ID: %s, scalable dimension: ecs:service:DesiredCount, policy name: %s"
              .formatted(in.resourceId(), in.policyName()));
    }
    platform.store().update(tx -> scaled.delete(tx, p));
    alarms.delete(call.scope(), own(p.policy()));
    return DeleteScalingPolicyResponse.builder().build();
  }

  DescribeScalingPoliciesResponse describe(Call call, DescribeScalingPoliciesRequest in) {
    List<ScalingPolicy> all =
        platform.store().read(tx -> scaled.policies(tx, call.scope())).stream()
            .map(Policy::policy)
            .filter(p -> p.serviceNamespace().equals(in.serviceNamespace()))
            .filter(p -> in.resourceId() == null || in.resourceId().equals(p.resourceId()))
            .filter(p -> in.policyNames() == null || in.policyNames().contains(p.policyName()))
            .toList();
    var page =
        Page.of(
            all,
            p -> p.resourceId() + "\u0001" + p.policyName(),
            in.nextToken(),
            in.maxResults(),
            TargetCrud.PAGE,
            TargetCrud.badToken());
    return DescribeScalingPoliciesResponse.builder()
        .scalingPolicies(page.map(p -> tracks(p) ? p : linked(call, p)))
        .nextToken(page.nextToken())
        .build();
  }

  /// With the alarms that name it as their action.
  private ScalingPolicy linked(Call call, ScalingPolicy p) {
    var found =
        platform
            .clients()
            .call(
                platform.background(call.scope(), "application-autoscaling"),
                CloudwatchApi.DESCRIBE_ALARMS,
                DescribeAlarmsInput.builder().actionPrefix(p.policyARN()).build());
    return p.toBuilder()
        .alarms(
            found.metricAlarms().stream().map(a -> new Alarm(a.alarmName(), a.alarmArn())).toList())
        .build();
  }
}
