package dev.freeway.sns;

import dev.freeway.platform.Call;
import dev.freeway.sns.api.*;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import dev.freeway.wire.Structure;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Statements of a topic's policy, by label. The policy is kept; it decides nothing yet.
final class Permissions {
  private final Store store;
  private final Topics topics;

  Permissions(Store store, Topics topics) {
    this.store = store;
    this.topics = topics;
  }

  Structure.Empty add(Call call, AddPermissionInput in) {
    store.update(
        tx -> {
          Topic topic = topics.require(tx, in.topicArn());
          ObjectNode policy = policy(topic);
          ArrayNode statements = policy.withArray("Statement");
          if (statements
              .valueStream()
              .anyMatch(s -> s.path("Sid").asString("").equals(in.label()))) {
            throw Topics.invalid("Statement already exists");
          }
          ObjectNode statement = statements.addObject();
          statement.put("Sid", in.label()).put("Effect", "Allow");
          ArrayNode principals = statement.putObject("Principal").putArray("AWS");
          in.awsAccountId().forEach(a -> principals.add("arn:aws:iam::" + a + ":root"));
          ArrayNode actions = statement.putArray("Action");
          in.actionName().forEach(a -> actions.add("SNS:" + a));
          statement.put("Resource", topic.arn());
          save(tx, topic, policy);
        });
    return TopicOperations.NOTHING;
  }

  Structure.Empty remove(Call call, RemovePermissionInput in) {
    store.update(
        tx -> {
          Topic topic = topics.require(tx, in.topicArn());
          ObjectNode policy = policy(topic);
          ArrayNode statements = policy.withArray("Statement");
          for (int i = statements.size() - 1; i >= 0; i--) {
            if (statements.get(i).path("Sid").asString("").equals(in.label())) {
              statements.remove(i);
            }
          }
          save(tx, topic, policy);
        });
    return TopicOperations.NOTHING;
  }

  private static ObjectNode policy(Topic topic) {
    return (ObjectNode)
        JsonMapper.shared()
            .readTree(
                topic.attributes().getOrDefault("Policy", TopicAttributes.defaultPolicy(topic)));
  }

  private void save(Tx tx, Topic topic, ObjectNode policy) {
    Map<String, String> all = new HashMap<>(topic.attributes());
    all.put("Policy", policy.toString());
    topics.save(tx, topic.withAttributes(all));
  }
}
