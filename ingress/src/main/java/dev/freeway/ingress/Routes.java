package dev.freeway.ingress;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// A listener's rules, ready to use. Never changes; a listener gets new ones at once.
final class Routes {

  /// @param priority 0 for the default action
  record Route(int priority, List<Condition> conditions, Step step, Transforms transforms) {
    boolean matches(RequestView request) {
      for (Condition condition : conditions) {
        if (!Conditions.holds(condition, request)) {
          return false;
        }
      }
      return true;
    }
  }

  /// An action with the target groups it means.
  sealed interface Step {
    record Forward(WeightedGroups groups) implements Step {}

    record Redirect(Action.Redirect to) implements Step {}

    record Fixed(Action.FixedResponse response) implements Step {}
  }

  private final List<Route> rules;
  private final Route defaultRoute;

  private Routes(List<Route> rules, Route defaultRoute) {
    this.rules = rules;
    this.defaultRoute = defaultRoute;
  }

  static Routes of(Listener listener, Function<String, TargetGroup> groups) {
    List<Route> rules = new ArrayList<>();
    for (Rule rule : listener.rules()) {
      rules.add(
          new Route(
              rule.priority(), rule.conditions(), step(rule.action(), groups), rule.transforms()));
    }
    return new Routes(
        List.copyOf(rules),
        new Route(0, List.of(), step(listener.defaultAction(), groups), Transforms.NONE));
  }

  private static Step step(Action action, Function<String, TargetGroup> groups) {
    return switch (action) {
      case Action.Forward forward -> new Step.Forward(WeightedGroups.of(forward, groups));
      case Action.Redirect redirect -> new Step.Redirect(redirect);
      case Action.FixedResponse fixed -> new Step.Fixed(fixed);
    };
  }

  Route match(RequestView request) {
    for (Route rule : rules) {
      if (rule.matches(request)) {
        return rule;
      }
    }
    return defaultRoute;
  }

  /// What a TCP listener does with every connection.
  Step.Forward forwardAll() {
    if (defaultRoute.step() instanceof Step.Forward forward) {
      return forward;
    }
    throw new IllegalStateException("A TCP listener only forwards");
  }

  static Set<String> targetGroups(Listener listener) {
    Set<String> arns = new HashSet<>();
    listener.rules().forEach(r -> collect(r.action(), arns));
    collect(listener.defaultAction(), arns);
    return arns;
  }

  private static void collect(Action action, Set<String> arns) {
    if (action instanceof Action.Forward forward) {
      forward.groups().forEach(g -> arns.add(g.targetGroupArn()));
    }
  }
}
