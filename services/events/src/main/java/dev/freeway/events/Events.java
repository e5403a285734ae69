package dev.freeway.events;

import static dev.freeway.events.api.EventsApi.*;

import dev.freeway.events.api.EventsApi;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.List;
import java.util.Optional;

/// EventBridge: contents page.
public final class Events implements Service {
  private final Buses busStorage = new Buses();
  private final BusOperations buses;
  private final BusPolicies policies;
  private final ArchiveOperations archiveOperations;
  private final Replays replays;
  private final RuleOperations rules;
  private final TargetOperations targets;
  private final PutEvents putEvents;
  private final EventTags tags;
  private final List<Reconciler> reconcilers;

  public Events(Platform platform) {
    Rules storage = new Rules();
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
    Archives archives = new Archives(platform);
    Router router = new Router(platform, storage, archives);
    archiveOperations = new ArchiveOperations(platform.store(), busStorage, archives);
    replays = new Replays(platform, busStorage, archives, router);
    policies = new BusPolicies(platform.store(), busStorage);
    Invocations invocations = new Invocations(platform, router);
    buses = new BusOperations(platform.store(), busStorage, storage);
    rules = new RuleOperations(platform, busStorage, storage);
    targets = new TargetOperations(platform.store(), busStorage, storage, invocations);
    putEvents = new PutEvents(platform.store(), busStorage, router);
    tags = new EventTags(platform.store(), busStorage, storage);
    reconcilers =
        List.of(
            new DeliveryReconciler(platform, invocations),
            archives,
            replays,
            new ScheduleReconciler(platform, storage, router));
    platform.events().subscribe(new PlatformEvents(platform.store(), router));
  }

  /// The bus's.
  @Override
  public Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    String name = Buses.nameOf(resource.toString());
    return resource.resource().startsWith("event-bus/")
        ? busStorage.all(tx, new Scope(resource.account(), resource.region())).stream()
            .filter(b -> b.name().equals(name))
            .findFirst()
            .flatMap(b -> Optional.ofNullable(b.policy()))
        : Optional.empty();
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
    on.on(UPDATE_EVENT_BUS, buses::update);
    on.on(PUT_PERMISSION, policies::put);
    on.on(REMOVE_PERMISSION, policies::remove);
    on.on(CREATE_ARCHIVE, archiveOperations::create);
    on.on(DESCRIBE_ARCHIVE, archiveOperations::describe);
    on.on(LIST_ARCHIVES, archiveOperations::list);
    on.on(UPDATE_ARCHIVE, archiveOperations::update);
    on.on(DELETE_ARCHIVE, archiveOperations::delete);
    on.on(START_REPLAY, replays::start);
    on.on(DESCRIBE_REPLAY, replays::describe);
    on.on(LIST_REPLAYS, replays::list);
    on.on(CANCEL_REPLAY, replays::cancel);
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
