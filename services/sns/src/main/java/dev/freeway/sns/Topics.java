package dev.freeway.sns;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
import dev.freeway.sns.api.SnsErrors;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Optional;

/// Storage of topics and their subscriptions.
final class Topics {
  private static final Table<Topic> TOPICS = new Table<>("sns_topics", Topic.class);
  private static final Table<Subscriber> SUBSCRIBERS =
      new Table<>("sns_subscriptions", Subscriber.class);

  Optional<Topic> find(ReadTx tx, Scope scope, String name) {
    // A name from a request may hold what a key may not.
    return name.chars().anyMatch(c -> c < ' ') ? Optional.empty() : tx.get(TOPICS, scope.key(name));
  }

  Topic require(ReadTx tx, String arn) {
    Arn parsed =
        Arn.parse(arn)
            .filter(a -> a.service().equals("sns") && !a.resource().contains(":"))
            .orElseThrow(
                () ->
                    invalid(
                        "TopicArn Reason: An ARN must have at least 6 elements, not "
                            + arn.split(":").length));
    return find(tx, new Scope(parsed.account(), parsed.region()), parsed.resource())
        .orElseThrow(() -> SnsErrors.notFoundException("Topic does not exist"));
  }

  static AwsException invalid(String what) {
    return SnsErrors.invalidParameterException("Invalid parameter: " + what);
  }

  void save(Tx tx, Topic topic) {
    tx.put(TOPICS, topic.scope().key(topic.name()), topic);
  }

  void delete(Tx tx, Topic topic) {
    tx.delete(TOPICS, topic.scope().key(topic.name()));
    tx.deletePrefix(SUBSCRIBERS, prefix(topic));
  }

  List<Topic> all(ReadTx tx, Scope scope) {
    return tx.scan(TOPICS, scope.key("")).stream().map(Row::value).toList();
  }

  private static String prefix(Topic topic) {
    return Key.prefix(topic.scope().account(), topic.scope().region(), topic.name());
  }

  void save(Tx tx, Subscriber s) {
    tx.put(SUBSCRIBERS, s.key(), s);
  }

  boolean delete(Tx tx, Subscriber s) {
    return tx.delete(SUBSCRIBERS, s.key());
  }

  List<Subscriber> subscribers(ReadTx tx, Topic topic) {
    return tx.scan(SUBSCRIBERS, prefix(topic)).stream().map(Row::value).toList();
  }

  List<Subscriber> allSubscribers(ReadTx tx, Scope scope) {
    return tx.scan(SUBSCRIBERS, scope.key("")).stream().map(Row::value).toList();
  }

  Optional<Subscriber> subscriber(ReadTx tx, String key) {
    return tx.get(SUBSCRIBERS, key);
  }

  /// By its ARN: the topic's with an id behind it.
  Optional<Subscriber> subscriberByArn(ReadTx tx, String arn) {
    Arn parsed =
        Arn.parse(arn)
            .filter(a -> a.service().equals("sns") && a.resource().contains(":"))
            .orElseThrow(
                () ->
                    invalid(
                        "SubscriptionArn Reason: An ARN must have at least 6 elements, not "
                            + arn.split(":").length));
    String[] parts = parsed.resource().split(":", 2);
    return subscriber(tx, new Scope(parsed.account(), parsed.region()).key(parts[0], parts[1]));
  }

  Subscriber requireSubscriber(ReadTx tx, String arn) {
    return subscriberByArn(tx, arn)
        .orElseThrow(() -> SnsErrors.notFoundException("Subscription does not exist"));
  }
}
