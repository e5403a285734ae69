package dev.freeway.ecs;

import dev.freeway.ecs.api.LoadBalancer;
import dev.freeway.ecs.uses.elbv2.TargetGroup;
import dev.freeway.platform.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
