package dev.freeway.logs;

import dev.freeway.logs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Scope;
import dev.freeway.platform.policy.Policy;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.wire.Structure;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Policies that let other services write to an account's groups, which counts for EventBridge
/// where policies are enforced. (Services that log in a role of their user's are asked for its
/// policies.)
final class ResourcePolicies {
  private static final int PAGE = 50;
  private static final int MOST = 10;
  private static final Table<ResourcePolicy> TABLE =
      new Table<>("logs_resource_policies", ResourcePolicy.class);

  private final Store store;

  ResourcePolicies(Store store) {
    this.store = store;
  }

  PutResourcePolicyResponse put(Call call, PutResourcePolicyRequest in) {
    if (in.policyName() == null || in.policyDocument() == null) {
      throw LogsErrors.invalidParameterException("A policy needs a name and a document.");
    }
    try {
      Policy.parse(in.policyDocument());
    } catch (IllegalArgumentException e) {
      throw LogsErrors.invalidParameterException("Policy document is not valid: " + e.getMessage());
    }
    ResourcePolicy policy =
        ResourcePolicy.builder()
            .policyName(in.policyName())
            .policyDocument(in.policyDocument())
            .lastUpdatedTime(call.at().toEpochMilli())
            .policyScope("ACCOUNT")
            .build();
    store.update(
        tx -> {
          if (!tx.contains(TABLE, call.key(in.policyName()))
              && tx.count(TABLE, Key.prefix(call.account(), call.region())) >= MOST) {
            throw LogsErrors.limitExceededException("Resource limit exceeded.");
          }
          tx.put(TABLE, call.key(in.policyName()), policy);
        });
    return PutResourcePolicyResponse.builder().resourcePolicy(policy).build();
  }

  /// All of them as one: what any of them allows or denies is allowed or denied.
  Optional<String> merged(ReadTx tx, Scope scope) {
    ObjectNode all = JsonMapper.shared().createObjectNode();
    ArrayNode statements = all.put("Version", "2012-10-17").putArray("Statement");
    for (Row<ResourcePolicy> row : tx.scan(TABLE, Key.prefix(scope.account(), scope.region()))) {
      JsonNode document = JsonMapper.shared().readTree(row.value().policyDocument());
      JsonNode found = document.path("Statement");
      if (found.isArray()) {
        found.forEach(statements::add);
      } else {
        statements.add(found);
      }
    }
    return statements.isEmpty() ? Optional.empty() : Optional.of(all.toString());
  }

  DescribeResourcePoliciesResponse describe(Call call, DescribeResourcePoliciesRequest in) {
    List<ResourcePolicy> all =
        store.read(tx -> tx.scan(TABLE, Key.prefix(call.account(), call.region()))).stream()
            .map(Row::value)
            .toList();
    var page =
        Page.of(
            all,
            ResourcePolicy::policyName,
            in.nextToken(),
            in.limit(),
            PAGE,
            GroupOperations.badToken());
    return DescribeResourcePoliciesResponse.builder()
        .resourcePolicies(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  Structure.Empty delete(Call call, DeleteResourcePolicyRequest in) {
    String name = in.policyName() == null ? "" : in.policyName();
    if (!store.write(tx -> tx.delete(TABLE, call.key(name)))) {
      throw LogsErrors.resourceNotFoundException("Policy with name [" + name + "] does not exist.");
    }
    return new Structure.Empty();
  }
}
