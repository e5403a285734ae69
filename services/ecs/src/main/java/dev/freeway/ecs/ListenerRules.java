package dev.freeway.ecs;

import dev.freeway.ecs.uses.elbv2.Action;
import dev.freeway.ecs.uses.elbv2.DescribeListenersInput;
import dev.freeway.ecs.uses.elbv2.DescribeRulesInput;
import dev.freeway.ecs.uses.elbv2.Elbv2Api;
import dev.freeway.ecs.uses.elbv2.ForwardActionConfig;
import dev.freeway.ecs.uses.elbv2.ModifyListenerInput;
import dev.freeway.ecs.uses.elbv2.ModifyRuleInput;
import dev.freeway.ecs.uses.elbv2.TargetGroupTuple;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.Operation;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What listeners and their rules forward to, by the ARN of either. The default rule of a listener
/// is the listener's own to change.
final class ListenerRules {
  private final Platform platform;

  ListenerRules(Platform platform) {
    this.platform = platform;
  }

  private <I extends Structure, O extends Structure> O call(
      Scope scope, Operation<I, O> operation, I input) {
    Call call = platform.background(scope, "ecs");
    return platform.clients().call(call, operation, input);
  }

  /// The actions found there, and the listener that has them if they are not a rule's own.
  private record Found(List<Action> actions, String listener) {}

  private Found find(Scope scope, String arn) {
    if (arn.contains(":listener-rule/")) {
      var rule =
          call(
                  scope,
                  Elbv2Api.DESCRIBE_RULES,
                  DescribeRulesInput.builder().ruleArns(List.of(arn)).build())
              .rules()
              .getFirst();
      String listener =
          arn.substring(0, arn.lastIndexOf('/')).replace(":listener-rule/", ":listener/");
      return new Found(rule.actions(), Boolean.TRUE.equals(rule.isDefault()) ? listener : "");
    }
    var listener =
        call(
                scope,
                Elbv2Api.DESCRIBE_LISTENERS,
                DescribeListenersInput.builder().listenerArns(List.of(arn)).build())
            .listeners()
            .getFirst();
    return new Found(listener.defaultActions(), arn);
  }

  private static List<TargetGroupTuple> groups(Action a) {
    if (!"forward".equals(a.type())) {
      return List.of();
    }
    return a.forwardConfig() != null && a.forwardConfig().targetGroups() != null
        ? a.forwardConfig().targetGroups()
        : List.of(TargetGroupTuple.builder().targetGroupArn(a.targetGroupArn()).weight(1).build());
  }

  Set<String> targets(Scope scope, String arn) {
    return find(scope, arn).actions().stream()
        .flatMap(a -> groups(a).stream())
        .map(TargetGroupTuple::targetGroupArn)
        .collect(Collectors.toSet());
  }

  /// Gives one target group this percentage and another the rest, unless they have it. Weights of
  /// others that the rule forwards to stay.
  void weigh(Scope scope, String arn, String group, String other, double percent) {
    Found found = find(scope, arn);
    // Weights go to 999: tenths of a percent are told apart only where there are any.
    boolean whole = percent == Math.rint(percent);
    int weight = (int) Math.round(whole ? percent : percent * 10);
    int rest = (whole ? 100 : 1000) - weight;
    List<Action> after =
        found.actions().stream().map(a -> weighed(a, group, weight, other, rest)).toList();
    if (after.equals(found.actions())) {
      return;
    }
    if (found.listener().isEmpty()) {
      call(
          scope,
          Elbv2Api.MODIFY_RULE,
          ModifyRuleInput.builder().ruleArn(arn).actions(after).build());
    } else {
      call(
          scope,
          Elbv2Api.MODIFY_LISTENER,
          ModifyListenerInput.builder()
              .listenerArn(found.listener())
              .defaultActions(after)
              .build());
    }
  }

  private static Action weighed(Action a, String group, int weight, String other, int rest) {
    if (!"forward".equals(a.type())) {
      return a;
    }
    List<TargetGroupTuple> before = groups(a);
    List<TargetGroupTuple> after = new ArrayList<>();
    before.stream()
        .map(t -> t.targetGroupArn().equals(group) ? t.toBuilder().weight(weight).build() : t)
        .map(t -> t.targetGroupArn().equals(other) ? t.toBuilder().weight(rest).build() : t)
        .forEach(after::add);
    if (before.stream().noneMatch(t -> t.targetGroupArn().equals(group))) {
      after.add(TargetGroupTuple.builder().targetGroupArn(group).weight(weight).build());
    }
    if (before.stream().noneMatch(t -> t.targetGroupArn().equals(other))) {
      after.add(TargetGroupTuple.builder().targetGroupArn(other).weight(rest).build());
    }
    boolean same = after.equals(before);
    ForwardActionConfig config =
        a.forwardConfig() == null ? ForwardActionConfig.builder().build() : a.forwardConfig();
    return same
        ? a
        : a.toBuilder()
            .targetGroupArn(null)
            .forwardConfig(config.toBuilder().targetGroups(after).build())
            .build();
  }
}
