package dev.freeway.sqs;

import dev.freeway.platform.Call;
import dev.freeway.sqs.api.*;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Statements of a queue's policy, by label. The policy is kept; it decides nothing yet.
final class Permissions {
  private static final List<String> ACTIONS =
      List.of(
          "*",
          "SendMessage",
          "ReceiveMessage",
          "DeleteMessage",
          "ChangeMessageVisibility",
          "GetQueueAttributes",
          "GetQueueUrl",
          "ListDeadLetterSourceQueues",
          "PurgeQueue");

  private final Store store;
  private final Queues queues;

  Permissions(Store store, Queues queues) {
    this.store = store;
    this.queues = queues;
  }

  Structure.Empty add(Call call, AddPermissionRequest in) {
    for (String action : in.actions()) {
      if (!ACTIONS.contains(action)) {
        throw AwsException.client(
            "InvalidParameterValue",
            "Value SQS:"
                + action
                + " for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions.");
      }
    }
    store.update(
        tx -> {
          Queue queue = queues.require(tx, call, in.queueUrl());
          ObjectNode policy = policy(queue);
          ArrayNode statements = policy.withArray("Statement");
          for (JsonNode s : statements) {
            if (s.path("Sid").asString("").equals(in.label())) {
              throw QueueAttributes.parameter(in.label(), "Label", "Already exists.");
            }
          }
          ObjectNode statement = statements.addObject();
          statement.put("Sid", in.label()).put("Effect", "Allow");
          ArrayNode principals = statement.putObject("Principal").putArray("AWS");
          in.awsAccountIds().forEach(a -> principals.add("arn:aws:iam::" + a + ":root"));
          ArrayNode actions = statement.putArray("Action");
          in.actions().forEach(a -> actions.add("SQS:" + a));
          statement.put("Resource", queue.arn());
          save(tx, queue, policy);
        });
    return Receipts.NOTHING;
  }

  Structure.Empty remove(Call call, RemovePermissionRequest in) {
    store.update(
        tx -> {
          Queue queue = queues.require(tx, call, in.queueUrl());
          ObjectNode policy = policy(queue);
          ArrayNode statements = policy.withArray("Statement");
          for (int i = 0; i < statements.size(); i++) {
            if (statements.get(i).path("Sid").asString("").equals(in.label())) {
              statements.remove(i);
              save(tx, queue, policy);
              return;
            }
          }
          throw QueueAttributes.parameter(
              in.label(), "Label", "can't find label on existing policy.");
        });
    return Receipts.NOTHING;
  }

  private static ObjectNode policy(Queue queue) {
    String json = queue.attributes().get("Policy");
    if (json != null) {
      return (ObjectNode) JsonMapper.shared().readTree(json);
    }
    ObjectNode fresh = JsonMapper.shared().createObjectNode();
    fresh.put("Version", "2008-10-17").put("Id", queue.arn() + "/SQSDefaultPolicy");
    fresh.putArray("Statement");
    return fresh;
  }

  private void save(dev.freeway.store.Tx tx, Queue queue, ObjectNode policy) {
    Map<String, String> all = new HashMap<>(queue.attributes());
    if (policy.withArray("Statement").isEmpty()) {
      all.remove("Policy");
    } else {
      all.put("Policy", policy.toString());
    }
    queues.save(tx, queue.with(all, null));
  }
}
