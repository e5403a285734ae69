package dev.freeway.ecs;

import dev.freeway.ecs.api.LoadBalancer;
import dev.freeway.ecs.uses.elbv2.TargetGroup;
import dev.freeway.platform.Scope;
import java.util.Optional;
import java.util.Set;

/// The load balancers, as far as ECS needs them.
interface Targets {
  /// Empty when there is none. Throws the load balancer's errors.
  Optional<TargetGroup> find(Scope scope, String arn);

  /// Puts a task into all its target groups; again does no harm.
  void register(StoredTask task);

  /// Takes a task out of all its target groups; does nothing for those that are gone.
  void deregister(StoredTask task);

  /// healthy, unhealthy, initial, draining or unused.
  String state(StoredTask task, LoadBalancer lb);

  /// The target groups that a listener or one of its rules forwards to. Throws the load balancer's
  /// errors.
  Set<String> forwardedTo(Scope scope, String ruleOrListener);

  /// Gives a target group of a rule or listener this percentage of its traffic, and the other the
  /// rest; again does no harm. Throws the load balancer's errors.
  void weigh(Scope scope, String ruleOrListener, String group, String other, double percent);

  default boolean anyDraining(StoredTask task) {
    return task.loadBalancers().stream().anyMatch(lb -> state(task, lb).equals("draining"));
  }
}
