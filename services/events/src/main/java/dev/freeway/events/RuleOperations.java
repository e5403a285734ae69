package dev.freeway.events;

import dev.freeway.events.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.EventPattern;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Schedule;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Rules: put, describe, list, delete, enable, disable, and trying a pattern out.
final class RuleOperations {
  private static final int PAGE = 100;

  private final Platform platform;
  private final Buses buses;
  private final Rules rules;

  RuleOperations(Platform platform, Buses buses, Rules rules) {
    this.platform = platform;
    this.buses = buses;
    this.rules = rules;
  }

  PutRuleResponse put(Call call, PutRuleRequest in) {
    String pattern = blankToNull(in.eventPattern());
    String schedule = blankToNull(in.scheduleExpression());
    if (pattern == null && schedule == null) {
      throw AwsException.client(
          "ValidationException",
          "Parameter(s) EventPattern or ScheduleExpression must be specified.");
    }
    if (pattern != null) {
      pattern(pattern);
    }
    String bus = Buses.nameOf(in.eventBusName());
    if (schedule != null) {
      schedule(schedule, bus);
    }
    StoredRule saved =
        platform
            .store()
            .write(
                tx -> {
                  buses.require(tx, call.scope(), bus);
                  Optional<StoredRule> before = rules.find(tx, call.scope(), bus, in.name());
                  Map<String, String> tags =
                      new LinkedHashMap<>(before.map(StoredRule::tags).orElse(Map.of()));
                  if (in.tags() != null && before.isEmpty()) {
                    in.tags().forEach(t -> tags.put(t.key(), t.value()));
                  }
                  StoredRule rule =
                      new StoredRule(
                          call.scope(),
                          bus,
                          in.name(),
                          pattern,
                          schedule,
                          in.state() == null ? "ENABLED" : in.state(),
                          in.description(),
                          in.roleArn(),
                          tags,
                          before.map(StoredRule::targets).orElse(List.of()));
                  rules.save(tx, rule);
                  wakeSchedule(tx, rule);
                  return rule;
                });
    return PutRuleResponse.builder().ruleArn(saved.arn()).build();
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }

  private static EventPattern pattern(String text) {
    try {
      return EventPattern.parse(text);
    } catch (IllegalArgumentException e) {
      throw EventsErrors.invalidEventPatternException(
          "Event pattern is not valid. Reason: " + e.getMessage());
    }
  }

  private static void schedule(String text, String bus) {
    if (!bus.equals(Bus.DEFAULT)) {
      throw AwsException.client(
          "ValidationException", "ScheduleExpression is supported only on the default event bus.");
    }
    try {
      Schedule.parse(text);
    } catch (IllegalArgumentException e) {
      throw AwsException.client(
          "ValidationException", "Parameter ScheduleExpression is not valid.");
    }
  }

  private void wakeSchedule(dev.freeway.store.Tx tx, StoredRule rule) {
    if (rule.schedule() != null && rule.enabled()) {
      platform.flow().wake(tx, ScheduleReconciler.KIND, rule.key());
    }
  }

  DescribeRuleResponse describe(Call call, DescribeRuleRequest in) {
    StoredRule r = require(call, in.eventBusName(), in.name());
    return DescribeRuleResponse.builder()
        .name(r.name())
        .arn(r.arn())
        .eventPattern(r.pattern())
        .scheduleExpression(r.schedule())
        .state(r.state())
        .description(r.description())
        .roleArn(r.roleArn())
        .eventBusName(r.bus())
        .createdBy(call.account())
        .build();
  }

  private StoredRule require(Call call, @Nullable String bus, String name) {
    return platform.store().read(tx -> rules.require(tx, call.scope(), Buses.nameOf(bus), name));
  }

  ListRulesResponse list(Call call, ListRulesRequest in) {
    String prefix = in.namePrefix() == null ? "" : in.namePrefix();
    List<StoredRule> all =
        platform
            .store()
            .read(
                tx ->
                    rules.ofBus(
                        tx,
                        call.scope(),
                        buses.require(tx, call.scope(), in.eventBusName()).name()))
            .stream()
            .filter(r -> r.name().startsWith(prefix))
            .toList();
    var page =
        Page.of(all, StoredRule::name, in.nextToken(), in.limit(), PAGE, BusOperations.badToken());
    return ListRulesResponse.builder()
        .rules(page.map(RuleOperations::view))
        .nextToken(page.nextToken())
        .build();
  }

  private static Rule view(StoredRule r) {
    return Rule.builder()
        .name(r.name())
        .arn(r.arn())
        .eventPattern(r.pattern())
        .state(r.state())
        .description(r.description())
        .scheduleExpression(r.schedule())
        .roleArn(r.roleArn())
        .eventBusName(r.bus())
        .build();
  }

  Structure.Empty delete(Call call, DeleteRuleRequest in) {
    platform
        .store()
        .update(
            tx ->
                rules
                    .find(tx, call.scope(), Buses.nameOf(in.eventBusName()), in.name())
                    .ifPresent(
                        r -> {
                          if (!r.targets().isEmpty()) {
                            throw AwsException.client(
                                "ValidationException",
                                "Rule can't be deleted since it has targets.");
                          }
                          rules.delete(tx, r);
                        }));
    return new Structure.Empty();
  }

  Structure.Empty enable(Call call, EnableRuleRequest in) {
    return state(call, in.eventBusName(), in.name(), "ENABLED");
  }

  Structure.Empty disable(Call call, DisableRuleRequest in) {
    return state(call, in.eventBusName(), in.name(), "DISABLED");
  }

  private Structure.Empty state(Call call, @Nullable String bus, String name, String state) {
    platform
        .store()
        .update(
            tx -> {
              StoredRule r =
                  rules.require(tx, call.scope(), Buses.nameOf(bus), name).withState(state);
              rules.save(tx, r);
              wakeSchedule(tx, r);
            });
    return new Structure.Empty();
  }

  TestEventPatternResponse test(Call call, TestEventPatternRequest in) {
    EventPattern pattern = pattern(in.eventPattern());
    try {
      return TestEventPatternResponse.builder()
          .result(pattern.matches(JsonMapper.shared().readTree(in.event())))
          .build();
    } catch (JacksonException e) {
      throw EventsErrors.invalidEventPatternException("Parameter Event is not valid.");
    }
  }
}
