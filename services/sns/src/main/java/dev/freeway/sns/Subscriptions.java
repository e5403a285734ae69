package dev.freeway.sns;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.sns.api.*;
import dev.freeway.store.Tx;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes, confirms, changes and ends subscriptions.
final class Subscriptions {
  private static final int PAGE = 100;

  private final Platform platform;
  private final Topics topics;
  private final Publishing publishing;

  Subscriptions(Platform platform, Topics topics, Publishing publishing) {
    this.platform = platform;
    this.topics = topics;
    this.publishing = publishing;
  }

  SubscribeResponse subscribe(Call call, SubscribeInput in) {
    String endpoint = in.endpoint() == null ? "" : in.endpoint();
    Map<String, String> attributes = in.attributes() == null ? Map.of() : in.attributes();
    attributes.forEach((k, v) -> SubscriptionAttributes.check(in.protocol(), k, v));
    SubscriptionAttributes.checkTogether(attributes);
    checkEndpoint(in.protocol(), endpoint);
    Subscriber made =
        platform
            .store()
            .write(
                tx -> {
                  Topic topic = topics.require(tx, in.topicArn());
                  if (topic.fifo() && !in.protocol().equals("sqs")) {
                    throw Topics.invalid("Invalid protocol type: " + in.protocol());
                  }
                  if (endpoint.endsWith(".fifo") && !topic.fifo()) {
                    throw Topics.invalid(
                        "Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics");
                  }
                  Optional<Subscriber> before =
                      topics.subscribers(tx, topic).stream()
                          .filter(
                              s ->
                                  s.protocol().equals(in.protocol())
                                      && s.endpoint().equals(endpoint))
                          .findFirst();
                  if (before.isPresent()) {
                    return again(tx, call, before.get(), attributes);
                  }
                  return add(tx, call, topic, in.protocol(), endpoint, attributes);
                });
    boolean show = made.confirmed() || Boolean.TRUE.equals(in.returnSubscriptionArn());
    return new SubscribeResponse(show ? made.arn() : "pending confirmation");
  }

  private Subscriber again(Tx tx, Call call, Subscriber s, Map<String, String> attributes) {
    attributes.forEach(
        (k, v) -> {
          if (!v.equals(s.attributes().getOrDefault(k, ""))) {
            throw Topics.invalid(
                "Attributes Reason: Subscription already exists with different attributes");
          }
        });
    if (!s.confirmed()) {
      publishing.askToConfirm(tx, s, call.at());
    }
    return s;
  }

  private Subscriber add(
      Tx tx,
      Call call,
      Topic topic,
      String protocol,
      String endpoint,
      Map<String, String> attributes) {
    boolean asks = List.of("http", "https", "email", "email-json").contains(protocol);
    Subscriber s =
        new Subscriber(
            topic.scope(),
            topic.name(),
            Ids.uuid(),
            protocol,
            endpoint,
            call.account(),
            attributes,
            !asks,
            Ids.hex(160),
            false);
    topics.save(tx, s);
    if (asks) {
      publishing.askToConfirm(tx, s, call.at());
    }
    return s;
  }

  private static void checkEndpoint(String protocol, String endpoint) {
    Optional<Arn> arn = Arn.parse(endpoint);
    switch (protocol) {
      case "sqs" -> {
        if (arn.filter(a -> a.service().equals("sqs")).isEmpty()) {
          throw Topics.invalid("SQS endpoint ARN");
        }
      }
      case "lambda" -> {
        if (arn.filter(a -> a.service().equals("lambda")).isEmpty()) {
          throw Topics.invalid("Lambda endpoint ARN");
        }
      }
      case "http", "https" -> {
        if (!endpoint.startsWith(protocol + "://")) {
          throw Topics.invalid("Endpoint must match the specified protocol");
        }
      }
      case "email", "email-json" -> {
        if (!endpoint.contains("@")) {
          throw Topics.invalid("Email address");
        }
      }
      case "sms" -> {
        if (!endpoint.matches("\\+?[0-9 ().-]{5,20}")) {
          throw Topics.invalid("Invalid SMS endpoint: " + endpoint);
        }
      }
      case "application", "firehose" ->
          throw Topics.invalid("Freeway does not deliver to protocol " + protocol);
      default ->
          throw Topics.invalid("Amazon SNS does not support this protocol string: " + protocol);
    }
  }

  ConfirmSubscriptionResponse confirm(Call call, ConfirmSubscriptionInput in) {
    boolean lock = "true".equalsIgnoreCase(in.authenticateOnUnsubscribe());
    return platform
        .store()
        .write(
            tx -> {
              Topic topic = topics.require(tx, in.topicArn());
              Subscriber s =
                  topics.subscribers(tx, topic).stream()
                      .filter(x -> x.token().equals(in.token()))
                      .findFirst()
                      .orElseThrow(() -> Topics.invalid("Token"));
              if (!s.confirmed()) {
                topics.save(tx, s.confirmed(lock));
              }
              return new ConfirmSubscriptionResponse(s.arn());
            });
  }

  Structure.Empty unsubscribe(Call call, UnsubscribeInput in) {
    platform
        .store()
        .update(
            tx ->
                topics
                    .subscriberByArn(tx, in.subscriptionArn())
                    .ifPresent(
                        s -> {
                          if (s.authenticated() && call.principal().isAnonymous()) {
                            throw dev.freeway.wire.AwsException.of(
                                "AuthorizationError",
                                403,
                                "This subscription can only be ended with credentials");
                          }
                          topics.delete(tx, s);
                          topics
                              .find(tx, s.scope(), s.topic())
                              .ifPresent(t -> topics.save(tx, t.deletedMore(1)));
                        }));
    return TopicOperations.NOTHING;
  }

  GetSubscriptionAttributesResponse attributes(Call call, GetSubscriptionAttributesInput in) {
    Subscriber s = platform.store().read(tx -> topics.requireSubscriber(tx, in.subscriptionArn()));
    Map<String, String> all = new LinkedHashMap<>();
    all.put("SubscriptionArn", s.arn());
    all.put("TopicArn", s.topicArn());
    all.put("Protocol", s.protocol());
    all.put("Endpoint", s.endpoint());
    all.put("Owner", s.owner());
    all.put("PendingConfirmation", Boolean.toString(!s.confirmed()));
    all.put(
        "ConfirmationWasAuthenticated",
        Boolean.toString(
            s.confirmed()
                && (s.authenticated()
                    || s.protocol().equals("sqs")
                    || s.protocol().equals("lambda"))));
    all.put("RawMessageDelivery", "false");
    all.put("SubscriptionPrincipal", "arn:aws:iam::" + s.owner() + ":root");
    all.putAll(s.attributes());
    if (s.filterPolicy() != null) {
      all.putIfAbsent("FilterPolicyScope", "MessageAttributes");
    }
    return new GetSubscriptionAttributesResponse(all);
  }

  Structure.Empty set(Call call, SetSubscriptionAttributesInput in) {
    String value = in.attributeValue() == null ? "" : in.attributeValue();
    platform
        .store()
        .update(
            tx -> {
              Subscriber s = topics.requireSubscriber(tx, in.subscriptionArn());
              SubscriptionAttributes.check(s.protocol(), in.attributeName(), value);
              Subscriber changed = s.withAttribute(in.attributeName(), value);
              SubscriptionAttributes.checkTogether(changed.attributes());
              topics.save(tx, changed);
            });
    return TopicOperations.NOTHING;
  }

  ListSubscriptionsResponse all(Call call, ListSubscriptionsInput in) {
    List<Subscriber> found = platform.store().read(tx -> topics.allSubscribers(tx, call.scope()));
    var page = page(found, in.nextToken());
    return new ListSubscriptionsResponse(page.map(Subscriptions::view), page.nextToken());
  }

  ListSubscriptionsByTopicResponse ofTopic(Call call, ListSubscriptionsByTopicInput in) {
    List<Subscriber> found =
        platform.store().read(tx -> topics.subscribers(tx, topics.require(tx, in.topicArn())));
    var page = page(found, in.nextToken());
    return new ListSubscriptionsByTopicResponse(page.map(Subscriptions::view), page.nextToken());
  }

  private static Page<Subscriber> page(List<Subscriber> found, @Nullable String token) {
    return Page.of(found, Subscriber::key, token, null, PAGE, Topics.invalid("NextToken"));
  }

  private static Subscription view(Subscriber s) {
    return Subscription.builder()
        .subscriptionArn(s.confirmed() ? s.arn() : "PendingConfirmation")
        .owner(s.owner())
        .protocol(s.protocol())
        .endpoint(s.endpoint())
        .topicArn(s.topicArn())
        .build();
  }
}
