package dev.freeway.events;

import static dev.freeway.events.api.EventsApi.*;

import dev.freeway.events.api.EventsApi;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.List;

/// EventBridge: contents page.
public final class Events implements Service {
  private final BusOperations buses;
  private final RuleOperations rules;
  private final TargetOperations targets;
  private final PutEvents putEvents;
  private final EventTags tags;
  private final List<Reconciler> reconcilers;

  public Events(Platform platform) {
    Rules storage = new Rules();
    Buses busStorage = new Buses();
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "events",
                busStorage::all,
                Bus::arn,
                Bus::tags,
                (tx, b, tags) -> busStorage.save(tx, b.withTags(tags))));
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "events",
                (tx, scope) ->
                    busStorage.all(tx, scope).stream()
                        .flatMap(b -> storage.ofBus(tx, scope, b.name()).stream())
                        .toList(),
                StoredRule::arn,
                StoredRule::tags,
                (tx, r, tags) -> storage.save(tx, r.withTags(tags))));
    Router router = new Router(platform, storage);
    Invocations invocations = new Invocations(platform, router);
    buses = new BusOperations(platform.store(), busStorage, storage);
    rules = new RuleOperations(platform, busStorage, storage);
    targets = new TargetOperations(platform.store(), busStorage, storage, invocations);
    putEvents = new PutEvents(platform.store(), busStorage, router);
    tags = new EventTags(platform.store(), busStorage, storage);
    reconcilers =
        List.of(
            new DeliveryReconciler(platform, invocations),
            new ScheduleReconciler(platform, storage, router));
    platform.events().subscribe(new PlatformEvents(platform.store(), router));
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return EventsApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_EVENT_BUS, buses::create);
    on.on(DESCRIBE_EVENT_BUS, buses::describe);
    on.on(LIST_EVENT_BUSES, buses::list);
    on.on(DELETE_EVENT_BUS, buses::delete);
    on.on(PUT_RULE, rules::put);
    on.on(DESCRIBE_RULE, rules::describe);
    on.on(LIST_RULES, rules::list);
    on.on(DELETE_RULE, rules::delete);
    on.on(ENABLE_RULE, rules::enable);
    on.on(DISABLE_RULE, rules::disable);
    on.on(PUT_TARGETS, targets::put);
    on.on(REMOVE_TARGETS, targets::remove);
    on.on(LIST_TARGETS_BY_RULE, targets::ofRule);
    on.on(LIST_RULE_NAMES_BY_TARGET, targets::rulesOf);
    on.on(PUT_EVENTS, putEvents);
    on.on(TEST_EVENT_PATTERN, rules::test);
    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);
    on.on(LIST_TAGS_FOR_RESOURCE, tags::list);
  }

  @Override
  public List<Reconciler> reconcilers() {
    return reconcilers;
  }
}
