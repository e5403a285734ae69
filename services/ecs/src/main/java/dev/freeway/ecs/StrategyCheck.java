package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What AWS refuses of the strategies that move traffic, and their defaults.
final class StrategyCheck {
  private static final int DAY = 1440;
  private static final int BAKE = 15;

  private StrategyCheck() {}

  static boolean shifts(DeploymentConfiguration c) {
    return c.strategy() != null && !c.strategy().equals("ROLLING");
  }

  private static AwsException refuse(String message, Object... values) {
    return EcsErrors.invalidParameterException(message.formatted(values));
  }

  /// The strategy's part of a configuration, on top of what was there.
  static DeploymentConfiguration of(
      DeploymentConfiguration in, DeploymentConfiguration base, boolean daemon) {
    String strategy = in.strategy() == null ? base.strategy() : in.strategy();
    var hooks = in.lifecycleHooks() == null ? base.lifecycleHooks() : in.lifecycleHooks();
    boolean rolling = strategy == null || strategy.equals("ROLLING");
    if (daemon && !rolling) {
      throw refuse(
          "The deployment strategy %s is not supported for the daemon scheduling strategy.",
          strategy);
    }
    only("LINEAR", strategy, in.linearConfiguration(), "linearConfiguration");
    only("CANARY", strategy, in.canaryConfiguration(), "canaryConfiguration");
    if (rolling && in.lifecycleHooks() != null && !in.lifecycleHooks().isEmpty()) {
      throw refuse(
          "lifecycleHooks can be used only with the deployment strategies BLUE_GREEN, LINEAR and CANARY.");
    }
    hooks(in.lifecycleHooks());
    Integer bake =
        in.bakeTimeInMinutes() != null
            ? in.bakeTimeInMinutes()
            : strategy != null && strategy.equals(base.strategy())
                ? base.bakeTimeInMinutes()
                : Integer.valueOf(rolling ? 0 : BAKE);
    minutes(bake, "bakeTimeInMinutes");
    return base.toBuilder()
        .strategy(strategy)
        .bakeTimeInMinutes(bake)
        .lifecycleHooks(rolling ? null : hooks)
        .linearConfiguration("LINEAR".equals(strategy) ? linear(in, base) : null)
        .canaryConfiguration("CANARY".equals(strategy) ? canary(in, base) : null)
        .build();
  }

  private static void only(
      String wanted, @Nullable String strategy, @Nullable Object configuration, String name) {
    if (configuration != null && !wanted.equals(strategy)) {
      throw refuse("%s is only valid when the deployment strategy is %s.", name, wanted);
    }
  }

  private static LinearConfiguration linear(
      DeploymentConfiguration in, DeploymentConfiguration base) {
    LinearConfiguration asked =
        in.linearConfiguration() != null ? in.linearConfiguration() : base.linearConfiguration();
    Double percent = asked == null ? null : asked.stepPercent();
    Integer bake = asked == null ? null : asked.stepBakeTimeInMinutes();
    percent(percent, 3, "stepPercent");
    minutes(bake, "stepBakeTimeInMinutes");
    return new LinearConfiguration(percent == null ? 10.0 : percent, bake == null ? 6 : bake);
  }

  private static CanaryConfiguration canary(
      DeploymentConfiguration in, DeploymentConfiguration base) {
    CanaryConfiguration asked =
        in.canaryConfiguration() != null ? in.canaryConfiguration() : base.canaryConfiguration();
    Double percent = asked == null ? null : asked.canaryPercent();
    Integer bake = asked == null ? null : asked.canaryBakeTimeInMinutes();
    percent(percent, 0.1, "canaryPercent");
    minutes(bake, "canaryBakeTimeInMinutes");
    return new CanaryConfiguration(percent == null ? 5.0 : percent, bake == null ? 10 : bake);
  }

  private static void percent(@Nullable Double value, double least, String what) {
    boolean tenths = value != null && Math.abs(value * 10 - Math.rint(value * 10)) < 1e-9;
    if (value != null && (!tenths || value < least || value > 100)) {
      throw refuse("%s must be a multiple of 0.1 from %s to 100.0.", what, least);
    }
  }

  private static void minutes(@Nullable Integer value, String what) {
    if (value != null && (value < 0 || value > DAY)) {
      throw refuse("%s must be between 0 and %d.", what, DAY);
    }
  }

  private static void hooks(@Nullable List<DeploymentLifecycleHook> hooks) {
    for (DeploymentLifecycleHook h : hooks == null ? List.<DeploymentLifecycleHook>of() : hooks) {
      if (h.lifecycleStages() == null || h.lifecycleStages().isEmpty()) {
        throw refuse("A lifecycle hook needs lifecycleStages.");
      }
      boolean pause = "PAUSE".equals(h.targetType());
      if (!pause && (h.hookTargetArn() == null || !h.hookTargetArn().contains(":function:"))) {
        throw refuse("hookTargetArn must be the ARN of a Lambda function.");
      }
      if (!pause && h.roleArn() == null) {
        throw refuse("A lifecycle hook with the target type AWS_LAMBDA needs a roleArn.");
      }
      if (pause && h.hookTargetArn() != null) {
        throw refuse("hookTargetArn is not valid for lifecycle hooks with the target type PAUSE.");
      }
    }
  }

  /// Every load balancer says where to move its traffic.
  static void balancers(
      Targets targets, Scope scope, DeploymentConfiguration c, @Nullable List<LoadBalancer> all) {
    for (LoadBalancer lb : all == null ? List.<LoadBalancer>of() : all) {
      AdvancedConfiguration a = lb.advancedConfiguration();
      if (a == null) {
        if (shifts(c)) {
          throw refuse(
              "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy.");
        }
        continue;
      }
      if (a.alternateTargetGroupArn() == null || a.productionListenerRule() == null) {
        throw refuse(
            "advancedConfiguration needs alternateTargetGroupArn and productionListenerRule.");
      }
      if (a.alternateTargetGroupArn().equals(lb.targetGroupArn())) {
        throw refuse("The alternateTargetGroupArn must be another than the targetGroupArn.");
      }
      rule(targets, scope, a.productionListenerRule(), lb);
      if (a.testListenerRule() != null) {
        rule(targets, scope, a.testListenerRule(), lb);
      }
    }
  }

  private static void rule(Targets targets, Scope scope, String arn, LoadBalancer lb) {
    Set<String> groups;
    try {
      if (targets.find(scope, lb.advancedConfiguration().alternateTargetGroupArn()).isEmpty()) {
        throw refuse(
            "The target group %s was not found.",
            lb.advancedConfiguration().alternateTargetGroupArn());
      }
      groups = targets.forwardedTo(scope, arn);
    } catch (AwsException e) {
      throw e.serverFault()
          ? e
          : refuse("Unable to assume role and validate the listener rule %s: %s", arn, e.message());
    }
    if (!groups.contains(lb.targetGroupArn())
        && !groups.contains(lb.advancedConfiguration().alternateTargetGroupArn())) {
      throw refuse(
          "The listener rule %s forwards to neither of the target groups of its load balancer configuration.",
          arn);
    }
  }
}
