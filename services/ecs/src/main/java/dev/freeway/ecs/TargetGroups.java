package dev.freeway.ecs;

import dev.freeway.ecs.api.LoadBalancer;
import dev.freeway.ecs.uses.elbv2.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A task's places in target groups.
final class TargetGroups implements Targets {
  private final Platform platform;
  private final ListenerRules rules;

  TargetGroups(Platform platform) {
    this.platform = platform;
    this.rules = new ListenerRules(platform);
  }

  private Call call(Scope scope) {
    return platform.background(scope, "ecs");
  }

  @Override
  public Optional<TargetGroup> find(Scope scope, String arn) {
    return platform
        .clients()
        .call(
            call(scope),
            Elbv2Api.DESCRIBE_TARGET_GROUPS,
            DescribeTargetGroupsInput.builder().targetGroupArns(List.of(arn)).build())
        .targetGroups()
        .stream()
        .findFirst();
  }

  @Override
  public Set<String> forwardedTo(Scope scope, String ruleOrListener) {
    return rules.targets(scope, ruleOrListener);
  }

  @Override
  public void weigh(
      Scope scope, String ruleOrListener, String group, String other, double percent) {
    rules.weigh(scope, ruleOrListener, group, other, percent);
  }

  private static TargetDescription target(StoredTask task, LoadBalancer lb) {
    return TargetDescription.builder().id(task.address()).port(lb.containerPort()).build();
  }

  @Override
  public void register(StoredTask task) {
    for (LoadBalancer lb : task.loadBalancers()) {
      platform
          .clients()
          .call(
              call(task.scope()),
              Elbv2Api.REGISTER_TARGETS,
              RegisterTargetsInput.builder()
                  .targetGroupArn(lb.targetGroupArn())
                  .targets(List.of(target(task, lb)))
                  .build());
    }
  }

  @Override
  public void deregister(StoredTask task) {
    for (LoadBalancer lb : task.loadBalancers()) {
      try {
        platform
            .clients()
            .call(
                call(task.scope()),
                Elbv2Api.DEREGISTER_TARGETS,
                DeregisterTargetsInput.builder()
                    .targetGroupArn(lb.targetGroupArn())
                    .targets(List.of(target(task, lb)))
                    .build());
      } catch (AwsException e) {
        ignoreGone(e);
      }
    }
  }

  private static void ignoreGone(AwsException e) {
    if (!e.is("TargetGroupNotFound") && !e.is("InvalidTarget")) {
      throw e;
    }
  }

  @Override
  public String state(StoredTask task, LoadBalancer lb) {
    try {
      return platform
          .clients()
          .call(
              call(task.scope()),
              Elbv2Api.DESCRIBE_TARGET_HEALTH,
              DescribeTargetHealthInput.builder()
                  .targetGroupArn(lb.targetGroupArn())
                  .targets(List.of(target(task, lb)))
                  .build())
          .targetHealthDescriptions()
          .stream()
          .findFirst()
          .map(d -> d.targetHealth().state())
          .orElse("unused");
    } catch (AwsException e) {
      ignoreGone(e);
      return "unused";
    }
  }
}
