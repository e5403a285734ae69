package dev.freeway.logs;

import static dev.freeway.logs.api.LogsApi.*;

import dev.freeway.flow.Reconciler;
import dev.freeway.logs.api.LogsApi;
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

/// CloudWatch Logs: contents page.
public final class Logs implements Service {
  private final GroupOperations groups;
  private final StreamOperations streams;
  private final PutLogEvents put;
  private final StartLiveTail tail;
  private final ReadLogEvents read;
  private final MetricFilters metricFilters;
  private final SubscriptionFilters subscriptions;
  private final GroupTags tags;
  private final Retention retention;
  private final Exports exports;
  private final QueryDefinitions queries;
  private final ResourcePolicies policies;

  public Logs(Platform platform) {
    LogGroups storage = new LogGroups();
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "logs",
                (tx, scope) -> storage.startingWith(tx, scope, ""),
                Group::arn,
                Group::tags,
                (tx, g, tags) -> storage.save(tx, g.withTags(tags))));
    LogStreams streamStorage = new LogStreams();
    MetricFeed feed = new MetricFeed(platform.store());
    platform.measures().add(feed);
    groups = new GroupOperations(platform, storage, streamStorage, feed);
    streams = new StreamOperations(platform.store(), storage, streamStorage);
    LiveTails tails = new LiveTails();
    subscriptions = new SubscriptionFilters(platform, storage);
    put = new PutLogEvents(platform, storage, streamStorage, tails, subscriptions, feed);
    tail = new StartLiveTail(platform.store(), storage, streamStorage, tails);
    read = new ReadLogEvents(platform.store(), storage, streamStorage);
    metricFilters = new MetricFilters(platform.store(), storage, feed);
    tags = new GroupTags(platform.store(), storage);
    retention = new Retention(platform, storage, streamStorage);
    exports = new Exports(platform, storage, streamStorage);
    queries = new QueryDefinitions(platform.store());
    policies = new ResourcePolicies(platform.store());
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return LogsApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_LOG_GROUP, groups::create);
    on.on(DELETE_LOG_GROUP, groups::delete);
    on.on(PUT_LOG_GROUP_DELETION_PROTECTION, groups::protect);
    on.on(ASSOCIATE_KMS_KEY, groups::associate);
    on.on(DISASSOCIATE_KMS_KEY, groups::disassociate);
    on.on(DESCRIBE_LOG_GROUPS, groups::describe);
    on.on(LIST_LOG_GROUPS, groups::list);
    on.on(CREATE_EXPORT_TASK, exports::create);
    on.on(DESCRIBE_EXPORT_TASKS, exports::describe);
    on.on(CANCEL_EXPORT_TASK, exports::cancel);
    on.on(PUT_QUERY_DEFINITION, queries::put);
    on.on(DESCRIBE_QUERY_DEFINITIONS, queries::describe);
    on.on(DELETE_QUERY_DEFINITION, queries::delete);
    on.on(PUT_RESOURCE_POLICY, policies::put);
    on.on(DESCRIBE_RESOURCE_POLICIES, policies::describe);
    on.on(DELETE_RESOURCE_POLICY, policies::delete);
    on.on(PUT_RETENTION_POLICY, groups::retain);
    on.on(DELETE_RETENTION_POLICY, groups::keepForever);
    on.on(CREATE_LOG_STREAM, streams::create);
    on.on(DELETE_LOG_STREAM, streams::delete);
    on.on(DESCRIBE_LOG_STREAMS, streams::describe);
    on.on(PUT_LOG_EVENTS, put);
    on.on(GET_LOG_EVENTS, read::get);
    on.on(FILTER_LOG_EVENTS, read::filter);
    on.on(START_LIVE_TAIL, tail);
    on.on(PUT_METRIC_FILTER, metricFilters::put);
    on.on(DESCRIBE_METRIC_FILTERS, metricFilters::describe);
    on.on(DELETE_METRIC_FILTER, metricFilters::delete);
    on.on(TEST_METRIC_FILTER, metricFilters::test);
    on.on(PUT_SUBSCRIPTION_FILTER, subscriptions::put);
    on.on(DESCRIBE_SUBSCRIPTION_FILTERS, subscriptions::describe);
    on.on(DELETE_SUBSCRIPTION_FILTER, subscriptions::delete);
    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);
    on.on(LIST_TAGS_FOR_RESOURCE, tags::list);
    on.on(TAG_LOG_GROUP, tags::tagGroup);
    on.on(UNTAG_LOG_GROUP, tags::untagGroup);
    on.on(LIST_TAGS_LOG_GROUP, tags::listGroup);
  }

  @Override
  public Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    return policies.merged(tx, new Scope(resource.account(), resource.region()));
  }

  @Override
  public List<Reconciler> reconcilers() {
    return List.of(retention, exports, subscriptions.delivery());
  }
}
