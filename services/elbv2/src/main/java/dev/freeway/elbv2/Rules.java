package dev.freeway.elbv2;

import dev.freeway.elbv2.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Rules of listeners.
final class Rules {
  private static final int MAX = 100;

  private final Store store;
  private final State state;
  private final DataPlane plane;
  private final ActionRules actions;

  Rules(Store store, State state, DataPlane plane, ActionRules actions) {
    this.store = store;
    this.state = state;
    this.plane = plane;
    this.actions = actions;
  }

  CreateRuleOutput create(Call call, CreateRuleInput in) {
    List<RuleTransform> transforms = TransformRules.check(in.transforms());
    String id = Ids.hex(16);
    ListenerEntry known = store.read(tx -> state.listener(tx, call, in.listenerArn()));
    Rule made =
        plane.change(
            known.api().loadBalancerArn(),
            tx -> {
              ListenerEntry l = state.listener(tx, call, in.listenerArn());
              Balancer b = state.balancer(tx, call, l.api().loadBalancerArn());
              if (!b.isApplication()) {
                throw Elbv2Errors.unsupportedProtocolException(
                    "Rules are not supported on listeners of network load balancers");
              }
              List<RuleEntry> others = state.rules(tx, l.arn());
              if (others.stream().anyMatch(r -> r.priority() == in.priority())) {
                throw Elbv2Errors.priorityInUseException(
                    "Priority '" + in.priority() + "' is currently in use");
              }
              if (others.size() >= MAX) {
                throw Elbv2Errors.tooManyRulesException(
                    "The maximum number of rules has been reached");
              }
              Rule api =
                  Rule.builder()
                      .ruleArn(State.rulePrefix(l.arn()) + id)
                      .priority(String.valueOf(in.priority()))
                      .conditions(ConditionRules.check(in.conditions()))
                      .actions(actions.check(tx, call, b, in.actions()))
                      .transforms(transforms.isEmpty() ? null : transforms)
                      .isDefault(false)
                      .build();
              state.put(tx, new RuleEntry(api, Names.tags(Map.of(), in.tags())));
              return api;
            });
    return CreateRuleOutput.builder().rules(List.of(made)).build();
  }

  ModifyRuleOutput modify(Call call, ModifyRuleInput in) {
    List<RuleTransform> transforms = TransformRules.check(in.transforms());
    boolean reset = Boolean.TRUE.equals(in.resetTransforms());
    if (reset && !transforms.isEmpty()) {
      throw Attributes.invalid("Specify either transforms or a reset of them");
    }
    if (isDefault(in.ruleArn())) {
      throw Elbv2Errors.operationNotPermittedException(
          "Default rule '" + in.ruleArn() + "' cannot be modified");
    }
    Rule changed =
        plane.change(
            balancerOf(call, in.ruleArn()),
            tx -> {
              RuleEntry r = state.rule(tx, call, in.ruleArn());
              Balancer b = state.balancer(tx, call, balancer(in.ruleArn()));
              Rule.Builder api = r.api().toBuilder();
              if (in.conditions() != null && !in.conditions().isEmpty()) {
                api.conditions(ConditionRules.check(in.conditions()));
              }
              if (in.actions() != null && !in.actions().isEmpty()) {
                api.actions(actions.check(tx, call, b, in.actions()));
              }
              if (reset) {
                api.transforms(null);
              } else if (!transforms.isEmpty()) {
                api.transforms(transforms);
              }
              state.put(tx, r.with(api.build()));
              return api.build();
            });
    return ModifyRuleOutput.builder().rules(List.of(changed)).build();
  }

  DeleteRuleOutput delete(Call call, DeleteRuleInput in) {
    if (isDefault(in.ruleArn())) {
      throw Elbv2Errors.operationNotPermittedException(
          "Default rule '" + in.ruleArn() + "' cannot be deleted");
    }
    plane.change(
        balancerOf(call, in.ruleArn()),
        tx -> tx.delete(State.RULES, state.rule(tx, call, in.ruleArn()).arn()));
    return DeleteRuleOutput.builder().build();
  }

  SetRulePrioritiesOutput setPriorities(Call call, SetRulePrioritiesInput in) {
    if (in.rulePriorities().isEmpty()) {
      throw Attributes.invalid("At least one rule priority must be specified");
    }
    String first = in.rulePriorities().getFirst().ruleArn();
    List<Rule> changed =
        plane.change(
            balancerOf(call, first),
            tx -> {
              String listener = State.listenerOfRule(first);
              Map<String, Integer> wanted = new HashMap<>();
              for (RulePriorityPair p : in.rulePriorities()) {
                state.rule(tx, call, p.ruleArn());
                if (!State.listenerOfRule(p.ruleArn()).equals(listener)) {
                  throw Attributes.invalid("The rules must belong to the same listener");
                }
                if (wanted.put(p.ruleArn(), p.priority()) != null) {
                  throw Attributes.invalid("A rule is specified twice: '" + p.ruleArn() + "'");
                }
              }
              Map<Integer, String> taken = new HashMap<>();
              List<Rule> result = new ArrayList<>();
              for (RuleEntry r : state.rules(tx, listener)) {
                int priority = wanted.getOrDefault(r.arn(), r.priority());
                if (taken.put(priority, r.arn()) != null) {
                  throw Elbv2Errors.priorityInUseException(
                      "Priority '" + priority + "' is currently in use");
                }
                Rule api = r.api().toBuilder().priority(String.valueOf(priority)).build();
                if (wanted.containsKey(r.arn())) {
                  state.put(tx, r.with(api));
                  result.add(api);
                }
              }
              return result;
            });
    return SetRulePrioritiesOutput.builder().rules(changed).build();
  }

  DescribeRulesOutput describe(Call call, DescribeRulesInput in) {
    boolean named = in.ruleArns() != null && !in.ruleArns().isEmpty();
    if (named == (in.listenerArn() != null)) {
      throw Attributes.invalid("You must specify either a listener ARN or rule ARNs");
    }
    List<Rule> found =
        store.read(
            tx -> {
              if (!named) {
                return ofListener(tx, state.listener(tx, call, in.listenerArn()));
              }
              return in.ruleArns().stream().map(a -> one(tx, call, a)).toList();
            });
    var page =
        Names.page(
            found.stream().sorted(Comparator.comparing(Rules::order)).toList(),
            Rules::order,
            in.marker(),
            in.pageSize());
    return DescribeRulesOutput.builder().rules(page.items()).nextMarker(page.nextToken()).build();
  }

  // By priority, the default rule last.
  private static String order(Rule r) {
    boolean last = r.priority().equals("default");
    return (last ? "99999" : "%05d".formatted(Integer.parseInt(r.priority()))) + r.ruleArn();
  }

  private List<Rule> ofListener(ReadTx tx, ListenerEntry l) {
    List<Rule> all = new ArrayList<>();
    state.rules(tx, l.arn()).forEach(r -> all.add(r.api()));
    all.add(defaultRule(l));
    return all;
  }

  private Rule one(ReadTx tx, Call call, String arn) {
    return tx.get(State.LISTENERS, State.listenerOfRule(arn))
        .filter(l -> l.defaultRuleArn().equals(arn))
        .map(Rules::defaultRule)
        .orElseGet(() -> state.rule(tx, call, arn).api());
  }

  private static Rule defaultRule(ListenerEntry l) {
    return Rule.builder()
        .ruleArn(l.defaultRuleArn())
        .priority("default")
        .conditions(List.of())
        .actions(l.api().defaultActions())
        .isDefault(true)
        .build();
  }

  private boolean isDefault(String ruleArn) {
    requireArn(ruleArn);
    return store.read(
        tx ->
            tx.get(State.LISTENERS, State.listenerOfRule(ruleArn))
                .filter(l -> l.defaultRuleArn().equals(ruleArn))
                .isPresent());
  }

  private String balancerOf(Call call, String ruleArn) {
    requireArn(ruleArn);
    store.read(tx -> state.rule(tx, call, ruleArn));
    return balancer(ruleArn);
  }

  private static String balancer(String ruleArn) {
    return State.balancerOfListener(State.listenerOfRule(ruleArn));
  }

  private static void requireArn(String ruleArn) {
    if (!ruleArn.contains(":listener-rule/") || ruleArn.chars().filter(c -> c == '/').count() < 4) {
      throw Attributes.invalid("'" + ruleArn + "' is not a valid listener rule ARN");
    }
  }
}
