package dev.freeway.s3;

import dev.freeway.platform.Ids;
import dev.freeway.s3.api.FilterRule;
import dev.freeway.s3.api.LambdaFunctionConfiguration;
import dev.freeway.s3.api.NotificationConfiguration;
import dev.freeway.s3.api.NotificationConfigurationFilter;
import dev.freeway.s3.api.QueueConfiguration;
import dev.freeway.s3.api.TopicConfiguration;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a notification configuration tells whom.
final class NotificationRules {
  /// @param target ARN of a queue, a topic or a function
  record Rule(
      String id,
      String target,
      List<String> events,
      @Nullable NotificationConfigurationFilter filter) {

    /// @param event such as `ObjectCreated:Put`
    boolean wants(String event, String key) {
      return events.stream().anyMatch(e -> covers(e, "s3:" + event)) && filtered(key);
    }

    private static boolean covers(String wanted, String event) {
      return wanted.endsWith("*")
          ? event.startsWith(wanted.substring(0, wanted.length() - 1))
          : wanted.equals(event);
    }

    private boolean filtered(String key) {
      if (filter == null || filter.key() == null || filter.key().filterRules() == null) {
        return true;
      }
      for (FilterRule r : filter.key().filterRules()) {
        String value = r.value() == null ? "" : r.value();
        boolean prefix = "prefix".equalsIgnoreCase(r.name());
        if (prefix ? !key.startsWith(value) : !key.endsWith(value)) {
          return false;
        }
      }
      return true;
    }
  }

  private NotificationRules() {}

  static List<Rule> of(NotificationConfiguration n) {
    List<Rule> all = new ArrayList<>();
    if (n.queueConfigurations() != null) {
      n.queueConfigurations()
          .forEach(q -> all.add(new Rule(q.id(), q.queueArn(), q.events(), q.filter())));
    }
    if (n.topicConfigurations() != null) {
      n.topicConfigurations()
          .forEach(t -> all.add(new Rule(t.id(), t.topicArn(), t.events(), t.filter())));
    }
    if (n.lambdaFunctionConfigurations() != null) {
      n.lambdaFunctionConfigurations()
          .forEach(l -> all.add(new Rule(l.id(), l.lambdaFunctionArn(), l.events(), l.filter())));
    }
    return all;
  }

  /// The configuration as it is kept: checked, and with an id for each of its parts.
  static NotificationConfiguration checked(
      NotificationConfiguration n, boolean skip, Notices notices, Bucket bucket) {
    for (Rule r : of(n)) {
      for (String event : r.events()) {
        // Of all others, such as restores, none ever happens here.
        if (!event.matches("s3:(ObjectCreated|ObjectRemoved|LifecycleExpiration):.*")) {
          throw AwsException.client(
              "NotImplemented", "Freeway has no S3 events of the type " + event);
        }
      }
    }
    if (!skip) {
      of(n).forEach(r -> notices.check(r.target(), service(r), bucket));
    }
    return n.toBuilder()
        .queueConfigurations(named(n.queueConfigurations()))
        .topicConfigurations(namedTopics(n.topicConfigurations()))
        .lambdaFunctionConfigurations(namedFunctions(n.lambdaFunctionConfigurations()))
        .build();
  }

  private static String service(Rule r) {
    String of = r.target().split(":", 4)[2];
    return of.equals("sns") || of.equals("lambda") ? of : "sqs";
  }

  private static @Nullable List<QueueConfiguration> named(@Nullable List<QueueConfiguration> all) {
    return all == null
        ? null
        : all.stream().map(q -> q.id() == null ? q.toBuilder().id(Ids.uuid()).build() : q).toList();
  }

  private static @Nullable List<TopicConfiguration> namedTopics(
      @Nullable List<TopicConfiguration> all) {
    return all == null
        ? null
        : all.stream().map(t -> t.id() == null ? t.toBuilder().id(Ids.uuid()).build() : t).toList();
  }

  private static @Nullable List<LambdaFunctionConfiguration> namedFunctions(
      @Nullable List<LambdaFunctionConfiguration> all) {
    return all == null
        ? null
        : all.stream().map(f -> f.id() == null ? f.toBuilder().id(Ids.uuid()).build() : f).toList();
  }
}
