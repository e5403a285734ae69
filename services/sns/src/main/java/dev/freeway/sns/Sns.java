package dev.freeway.sns;

import static dev.freeway.sns.api.SnsApi.*;

import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.sns.api.SnsApi;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;
import java.util.Optional;

/// Simple Notification Service: contents page.
public final class Sns implements Service {
  private final Topics topics = new Topics();
  private final TopicOperations topicOperations;
  private final Subscriptions subscriptions;
  private final Publishing publishing;
  private final Permissions permissions;
  private final TagOperations tags;
  private final TextAttributes texts;
  private final Signer signer;
  private final HttpEndpoints http = new HttpEndpoints();
  private final List<Reconciler> reconcilers;

  public Sns(Platform platform) {
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "sns",
                topics::all,
                Topic::arn,
                Topic::tags,
                (tx, t, tags) -> topics.save(tx, t.withTags(tags))));
    signer = new Signer(platform);
    publishing = new Publishing(platform, topics);
    topicOperations = new TopicOperations(platform, topics);
    subscriptions = new Subscriptions(platform, topics, publishing);
    permissions = new Permissions(platform.store(), topics);
    tags = new TagOperations(platform.store(), topics);
    texts = new TextAttributes(platform.store());
    Endpoints endpoints =
        new Endpoints(
            platform,
            topics,
            new Envelopes(platform, signer),
            new Outbox(platform.settings().data().resolve("outbox")),
            http);
    Attempts attempts = new Attempts(platform, topics, endpoints);
    reconcilers =
        List.of(
            new Delivering(platform, attempts),
            new DeliveringInOrder(platform, attempts),
            new Forgetting(platform));
  }

  /// The topic's.
  @Override
  public Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    return topics
        .find(tx, new Scope(resource.account(), resource.region()), resource.resource())
        .map(t -> t.attributes().getOrDefault("Policy", TopicAttributes.defaultPolicy(t)));
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return SnsApi.model();
  }

  @Override
  public List<Reconciler> reconcilers() {
    return reconcilers;
  }

  @Override
  public List<HttpRoute> routes() {
    return List.of(signer);
  }

  @Override
  public AwsException invalid(List<Violation> violations) {
    Violation v = violations.getFirst();
    String name = Character.toUpperCase(v.path().charAt(0)) + v.path().substring(1);
    return Topics.invalid(
        v.kind() == Violation.Kind.REQUIRED
            ? name + " Reason: no value for required parameter"
            : name + " Reason: " + v.rule());
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_TOPIC, topicOperations::create);
    on.on(DELETE_TOPIC, topicOperations::delete);
    on.on(LIST_TOPICS, topicOperations::list);
    on.on(GET_TOPIC_ATTRIBUTES, topicOperations::attributes);
    on.on(SET_TOPIC_ATTRIBUTES, topicOperations::set);
    on.on(PUT_DATA_PROTECTION_POLICY, topicOperations::protect);
    on.on(GET_DATA_PROTECTION_POLICY, topicOperations::protection);
    on.on(SUBSCRIBE, subscriptions::subscribe);
    on.on(CONFIRM_SUBSCRIPTION, subscriptions::confirm);
    on.on(UNSUBSCRIBE, subscriptions::unsubscribe);
    on.on(GET_SUBSCRIPTION_ATTRIBUTES, subscriptions::attributes);
    on.on(SET_SUBSCRIPTION_ATTRIBUTES, subscriptions::set);
    on.on(LIST_SUBSCRIPTIONS, subscriptions::all);
    on.on(LIST_SUBSCRIPTIONS_BY_TOPIC, subscriptions::ofTopic);
    on.on(PUBLISH, publishing::one);
    on.on(PUBLISH_BATCH, publishing::batch);
    on.on(ADD_PERMISSION, permissions::add);
    on.on(REMOVE_PERMISSION, permissions::remove);
    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);
    on.on(LIST_TAGS_FOR_RESOURCE, tags::list);
    on.on(GET_SMS_ATTRIBUTES, texts::get);
    on.on(SET_SMS_ATTRIBUTES, texts::set);
  }

  @Override
  public void close() {
    http.close();
  }
}
