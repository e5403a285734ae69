package dev.freeway.ecs;

import dev.freeway.ecs.api.LoadBalancer;
import dev.freeway.ecs.uses.elbv2.TargetGroup;
import dev.freeway.platform.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A load balancer whose targets are in whatever state a test says.
final class FakeTargets implements Targets {
  final Map<String, String> states = new ConcurrentHashMap<>();
  final List<String> history = new CopyOnWriteArrayList<>();
  volatile String atFirst = "healthy";
  volatile String whenDeregistered = "unused";

  @Override
  public Optional<TargetGroup> find(Scope scope, String arn) {
    return arn.endsWith("missing")
        ? Optional.empty()
        : Optional.of(
            TargetGroup.builder()
                .targetGroupArn(arn)
                .targetType(arn.endsWith("instance") ? "instance" : "ip")
                .loadBalancerArns(List.of("arn:lb"))
                .build());
  }

  /// Percent that a target group has of a rule: `RULE GROUP`.
  final Map<String, Double> weights = new ConcurrentHashMap<>();

  volatile String broken = "";

  @Override
  public Set<String> forwardedTo(Scope scope, String rule) {
    return Set.of("arn:tg", "arn:tg2");
  }

  @Override
  public void weigh(Scope scope, String rule, String group, String other, double percent) {
    if (rule.equals(broken)) {
      throw dev.freeway.wire.AwsException.client("RuleNotFound", "One or more rules not found");
    }
    weights.put(rule + " " + group, percent);
    weights.put(rule + " " + other, 100 - percent);
    history.add("%s: %s to %s".formatted(rule, percent, group));
  }

  @Override
  public void register(StoredTask task) {
    history.add("register " + task.id());
    states.put(task.id(), atFirst);
  }

  @Override
  public void deregister(StoredTask task) {
    history.add("deregister " + task.id());
    states.put(task.id(), whenDeregistered);
  }

  @Override
  public String state(StoredTask task, LoadBalancer lb) {
    return states.getOrDefault(task.id(), "unused");
  }
}
