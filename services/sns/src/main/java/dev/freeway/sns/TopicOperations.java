package dev.freeway.sns;

import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.sns.api.*;
import dev.freeway.wire.Structure;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes, lists, changes and deletes topics.
final class TopicOperations {
  static final Structure.Empty NOTHING = new Structure.Empty();
  private static final int PAGE = 100;

  private final Platform platform;
  private final Topics topics;

  TopicOperations(Platform platform, Topics topics) {
    this.platform = platform;
    this.topics = topics;
  }

  CreateTopicResponse create(Call call, CreateTopicInput in) {
    Map<String, String> attributes = in.attributes() == null ? Map.of() : in.attributes();
    checkName(in.name(), "true".equals(attributes.get("FifoTopic")));
    attributes.forEach((k, v) -> TopicAttributes.check(in.name().endsWith(".fifo"), k, v));
    Map<String, String> tags =
        TagOperations.checked(Map.of(), in.tags() == null ? List.of() : in.tags());
    return platform
        .store()
        .write(
            tx -> {
              Optional<Topic> before = topics.find(tx, call.scope(), in.name());
              before.ifPresent(t -> refuseOther(t, attributes, tags));
              Topic topic =
                  before.orElseGet(
                      () ->
                          new Topic(
                              call.scope(),
                              in.name(),
                              attributes,
                              tags,
                              in.dataProtectionPolicy(),
                              0));
              topics.save(tx, topic);
              return new CreateTopicResponse(topic.arn());
            });
  }

  private static void checkName(String name, boolean fifo) {
    boolean named = name.endsWith(".fifo");
    String plain = named ? name.substring(0, name.length() - 5) : name;
    if (!plain.matches("[A-Za-z0-9_-]+") || name.length() > 256 || named && !fifo) {
      throw Topics.invalid("Topic Name");
    }
    if (fifo && !named) {
      throw Topics.invalid(
          "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.");
    }
  }

  private static void refuseOther(
      Topic topic, Map<String, String> attributes, Map<String, String> tags) {
    attributes.forEach(
        (k, v) -> {
          if (!v.equals(topic.attributes().getOrDefault(k, ""))) {
            throw Topics.invalid(
                "Attributes Reason: Topic already exists with different attributes");
          }
        });
    if (!tags.isEmpty() && !tags.equals(topic.tags())) {
      throw Topics.invalid("Tags Reason: Topic already exists with different tags");
    }
  }

  Structure.Empty delete(Call call, DeleteTopicInput in) {
    platform
        .store()
        .update(
            tx -> {
              try {
                topics.delete(tx, topics.require(tx, in.topicArn()));
              } catch (dev.freeway.wire.AwsException e) {
                // A topic that is gone is deleted.
                if (!e.is("NotFound")) {
                  throw e;
                }
              }
            });
    return NOTHING;
  }

  ListTopicsResponse list(Call call, ListTopicsInput in) {
    List<Topic> all = platform.store().read(tx -> topics.all(tx, call.scope()));
    var page = Page.of(all, Topic::name, in.nextToken(), null, PAGE, Topics.invalid("NextToken"));
    return new ListTopicsResponse(
        page.map(t -> new dev.freeway.sns.api.Topic(t.arn())), page.nextToken());
  }

  GetTopicAttributesResponse attributes(Call call, GetTopicAttributesInput in) {
    return platform
        .store()
        .read(
            tx -> {
              Topic topic = topics.require(tx, in.topicArn());
              List<Subscriber> all = topics.subscribers(tx, topic);
              long confirmed = all.stream().filter(Subscriber::confirmed).count();
              Map<String, String> found = new LinkedHashMap<>();
              found.put("TopicArn", topic.arn());
              found.put("Owner", topic.scope().account());
              found.put("DisplayName", "");
              found.put("Policy", TopicAttributes.defaultPolicy(topic));
              found.put("EffectiveDeliveryPolicy", DeliveryPolicy.EFFECTIVE);
              found.put("SubscriptionsConfirmed", Long.toString(confirmed));
              found.put("SubscriptionsPending", Long.toString(all.size() - confirmed));
              found.put("SubscriptionsDeleted", Long.toString(topic.deleted()));
              if (topic.fifo()) {
                found.put("ContentBasedDeduplication", "false");
              }
              found.putAll(topic.attributes());
              return new GetTopicAttributesResponse(found);
            });
  }

  Structure.Empty set(Call call, SetTopicAttributesInput in) {
    String value = in.attributeValue() == null ? "" : in.attributeValue();
    platform
        .store()
        .update(
            tx -> {
              Topic topic = topics.require(tx, in.topicArn());
              TopicAttributes.check(topic.fifo(), in.attributeName(), value);
              if (in.attributeName().equals("FifoTopic")) {
                throw Topics.invalid("AttributeName");
              }
              Map<String, String> all = new HashMap<>(topic.attributes());
              if (value.isEmpty()) {
                all.remove(in.attributeName());
              } else {
                all.put(in.attributeName(), value);
              }
              topics.save(tx, topic.withAttributes(all));
            });
    return NOTHING;
  }

  Structure.Empty protect(Call call, PutDataProtectionPolicyInput in) {
    TopicAttributes.json("DataProtectionPolicy", in.dataProtectionPolicy());
    platform
        .store()
        .update(
            tx ->
                topics.save(
                    tx,
                    topics
                        .require(tx, in.resourceArn())
                        .withDataProtection(in.dataProtectionPolicy())));
    return NOTHING;
  }

  GetDataProtectionPolicyResponse protection(Call call, GetDataProtectionPolicyInput in) {
    Topic topic = platform.store().read(tx -> topics.require(tx, in.resourceArn()));
    return new GetDataProtectionPolicyResponse(topic.dataProtection());
  }
}
