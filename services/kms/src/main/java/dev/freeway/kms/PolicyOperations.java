package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The one policy of a key, which is named `default`.
final class PolicyOperations {
  private final Store store;
  private final Keys keys;

  PolicyOperations(Store store, Keys keys) {
    this.store = store;
    this.keys = keys;
  }

  /// The policy, if it is a policy document in form.
  static String checked(String policy) {
    try {
      JsonNode root = JsonMapper.shared().readTree(policy);
      if (root != null && root.isObject() && root.has("Statement")) {
        return policy;
      }
    } catch (JacksonException e) {
      throw KmsErrors.malformedPolicyDocumentException(
          "Policy is not valid JSON: " + e.getOriginalMessage());
    }
    throw KmsErrors.malformedPolicyDocumentException("Policy has no Statement");
  }

  private static void checkName(@Nullable String name) {
    if (name != null && !name.equals("default")) {
      throw KmsErrors.notFoundException("No such policy exists");
    }
  }

  Structure.Empty put(Call call, PutKeyPolicyRequest in) {
    checkName(in.policyName());
    String policy = checked(in.policy());
    store.update(
        tx -> {
          StoredKey key = keys.requireOwn(tx, call, in.keyId());
          KeyOperations.refuseDeleted(key);
          keys.save(tx, key.withPolicy(policy));
        });
    return KeyOperations.NOTHING;
  }

  GetKeyPolicyResponse get(Call call, GetKeyPolicyRequest in) {
    checkName(in.policyName());
    StoredKey key = store.read(tx -> keys.require(tx, call, in.keyId()));
    return new GetKeyPolicyResponse(key.policy(), "default");
  }

  ListKeyPoliciesResponse list(Call call, ListKeyPoliciesRequest in) {
    store.read(tx -> keys.require(tx, call, in.keyId()));
    return ListKeyPoliciesResponse.builder()
        .policyNames(List.of("default"))
        .truncated(false)
        .build();
  }
}
