package dev.freeway.kms;

import dev.freeway.kms.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.policy.Access;
import dev.freeway.platform.policy.Caller;
import dev.freeway.platform.policy.Policies;
import dev.freeway.platform.policy.Policy;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The one policy of a key, which is named `default`.
final class PolicyOperations {
  private static final Policy EVERYTHING =
      Policy.parse("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}");

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

  /// Whoever changes a key's policy must be able to change it again.
  private static void checkNotLockedOut(Call call, StoredKey key, String policy) {
    Caller caller = Caller.of(call.principal().account(), call.principal().arn());
    Access again = new Access(caller, "kms:PutKeyPolicy", key.arn().toString(), Map.of());
    Policies withOwn =
        new Policies(
            List.of(EVERYTHING),
            Optional.empty(),
            Optional.empty(),
            Optional.of(parsed(policy)),
            true,
            true);
    // The key's policy may leave it to the caller's own policies, by naming the account.
    if (!(withOwn.decide(again) instanceof Policies.Decision.Allowed)) {
      throw KmsErrors.malformedPolicyDocumentException(
          "The new key policy will not allow you to update the key policy in the future.");
    }
  }

  private static Policy parsed(String policy) {
    try {
      return Policy.parse(policy);
    } catch (IllegalArgumentException e) {
      throw KmsErrors.malformedPolicyDocumentException(String.valueOf(e.getMessage()));
    }
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
          if (!Boolean.TRUE.equals(in.bypassPolicyLockoutSafetyCheck())) {
            checkNotLockedOut(call, key, policy);
          }
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
