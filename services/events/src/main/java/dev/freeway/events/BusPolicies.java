package dev.freeway.events;

import dev.freeway.events.api.EventsErrors;
import dev.freeway.events.api.PutPermissionRequest;
import dev.freeway.events.api.RemovePermissionRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.policy.Policy;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Who else may send events to a bus: whole policies, or statements one by one.
final class BusPolicies {
  private static final int LONGEST = 10_240;

  private final Store store;
  private final Buses buses;

  BusPolicies(Store store, Buses buses) {
    this.store = store;
    this.buses = buses;
  }

  Structure.Empty put(Call call, PutPermissionRequest in) {
    if (in.policy() == null && (in.statementId() == null || in.principal() == null)) {
      throw AwsException.client(
          "ValidationException", "Either Policy, or StatementId, Principal and Action are needed.");
    }
    store.update(
        tx -> {
          Bus bus = buses.require(tx, call.scope(), in.eventBusName());
          String policy =
              in.policy() == null ? withStatement(bus, in).toString() : checked(in.policy());
          if (policy.length() > LONGEST) {
            throw EventsErrors.policyLengthExceededException(
                "The policy would be longer than " + LONGEST + " characters.");
          }
          buses.save(tx, bus.withPolicy(policy, call.at()));
        });
    return new Structure.Empty();
  }

  private static String checked(String policy) {
    try {
      Policy.parse(policy);
      return policy;
    } catch (IllegalArgumentException e) {
      throw AwsException.client("ValidationException", "Policy is not valid: " + e.getMessage());
    }
  }

  private static ObjectNode withStatement(Bus bus, PutPermissionRequest in) {
    ObjectNode policy = without(bus.policy(), in.statementId());
    ObjectNode statement = ((ArrayNode) policy.path("Statement")).addObject();
    statement.put("Sid", in.statementId()).put("Effect", "Allow");
    if (in.principal().equals("*")) {
      statement.put("Principal", "*");
    } else {
      statement.putObject("Principal").put("AWS", "arn:aws:iam::" + in.principal() + ":root");
    }
    statement
        .put("Action", in.action() == null ? "events:PutEvents" : in.action())
        .put("Resource", bus.arn());
    if (in.condition() != null) {
      statement
          .putObject("Condition")
          .putObject(in.condition().type())
          .put(in.condition().key(), in.condition().value());
    }
    return policy;
  }

  /// The policy without one statement; an empty one where there is none.
  private static ObjectNode without(@Nullable String policy, @Nullable String sid) {
    ObjectNode out = JsonMapper.shared().createObjectNode().put("Version", "2012-10-17");
    ArrayNode statements = out.putArray("Statement");
    if (policy != null) {
      for (JsonNode s : JsonMapper.shared().readTree(policy).path("Statement")) {
        if (!s.path("Sid").asString("").equals(sid)) {
          statements.add(s);
        }
      }
    }
    return out;
  }

  Structure.Empty remove(Call call, RemovePermissionRequest in) {
    store.update(
        tx -> {
          Bus bus = buses.require(tx, call.scope(), in.eventBusName());
          if (Boolean.TRUE.equals(in.removeAllPermissions())) {
            buses.save(tx, bus.withPolicy(null, call.at()));
            return;
          }
          ObjectNode rest = without(bus.policy(), in.statementId());
          int before =
              bus.policy() == null
                  ? 0
                  : JsonMapper.shared().readTree(bus.policy()).path("Statement").size();
          if (rest.path("Statement").size() == before) {
            throw EventsErrors.resourceNotFoundException(
                "Statement with the provided id does not exist.");
          }
          buses.save(
              tx,
              bus.withPolicy(rest.path("Statement").isEmpty() ? null : rest.toString(), call.at()));
        });
    return new Structure.Empty();
  }
}
