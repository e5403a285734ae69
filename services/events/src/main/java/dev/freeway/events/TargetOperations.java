package dev.freeway.events;

import dev.freeway.events.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Targets of rules.
final class TargetOperations {
  private static final int PAGE = 100;
  private static final int MOST = 5;

  private final Store store;
  private final Buses buses;
  private final Rules rules;
  private final Invocations invocations;

  TargetOperations(Store store, Buses buses, Rules rules, Invocations invocations) {
    this.store = store;
    this.buses = buses;
    this.rules = rules;
    this.invocations = invocations;
  }

  PutTargetsResponse put(Call call, PutTargetsRequest in) {
    List<PutTargetsResultEntry> failed = new ArrayList<>();
    in.targets().forEach(InputCheck::check);
    store.update(
        tx -> {
          failed.clear();
          StoredRule rule =
              rules.require(
                  tx,
                  call.scope(),
                  buses.require(tx, call.scope(), in.eventBusName()).name(),
                  in.rule());
          Map<String, Target> targets = new LinkedHashMap<>();
          rule.targets().forEach(t -> targets.put(t.id(), t));
          for (Target t : in.targets()) {
            invocations
                .problem(t)
                .ifPresentOrElse(
                    why ->
                        failed.add(new PutTargetsResultEntry(t.id(), "ValidationException", why)),
                    () -> targets.put(t.id(), t));
          }
          if (targets.size() > MOST) {
            throw EventsErrors.limitExceededException(
                "The requested resource exceeds the maximum number allowed.");
          }
          rules.save(tx, rule.withTargets(List.copyOf(targets.values())));
        });
    return PutTargetsResponse.builder()
        .failedEntryCount(failed.size())
        .failedEntries(failed)
        .build();
  }

  RemoveTargetsResponse remove(Call call, RemoveTargetsRequest in) {
    store.update(
        tx -> {
          StoredRule rule =
              rules.require(tx, call.scope(), Buses.nameOf(in.eventBusName()), in.rule());
          rules.save(
              tx,
              rule.withTargets(
                  rule.targets().stream().filter(t -> !in.ids().contains(t.id())).toList()));
        });
    return RemoveTargetsResponse.builder().failedEntryCount(0).failedEntries(List.of()).build();
  }

  ListTargetsByRuleResponse ofRule(Call call, ListTargetsByRuleRequest in) {
    StoredRule rule =
        store.read(
            tx -> rules.require(tx, call.scope(), Buses.nameOf(in.eventBusName()), in.rule()));
    var page =
        Page.of(
            rule.targets(), Target::id, in.nextToken(), in.limit(), PAGE, BusOperations.badToken());
    return ListTargetsByRuleResponse.builder()
        .targets(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  ListRuleNamesByTargetResponse rulesOf(Call call, ListRuleNamesByTargetRequest in) {
    List<String> names =
        store.read(tx -> rules.ofBus(tx, call.scope(), Buses.nameOf(in.eventBusName()))).stream()
            .filter(r -> r.targets().stream().anyMatch(t -> t.arn().equals(in.targetArn())))
            .map(StoredRule::name)
            .toList();
    var page = Page.of(names, n -> n, in.nextToken(), in.limit(), PAGE, badToken());
    return ListRuleNamesByTargetResponse.builder()
        .ruleNames(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  private static AwsException badToken() {
    return BusOperations.badToken();
  }
}
