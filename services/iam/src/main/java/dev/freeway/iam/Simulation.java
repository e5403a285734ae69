package dev.freeway.iam;

import dev.freeway.iam.api.ContextEntry;
import dev.freeway.iam.api.EvaluationResult;
import dev.freeway.iam.api.GetContextKeysForCustomPolicyRequest;
import dev.freeway.iam.api.GetContextKeysForPolicyResponse;
import dev.freeway.iam.api.GetContextKeysForPrincipalPolicyRequest;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.PermissionsBoundaryDecisionDetail;
import dev.freeway.iam.api.SimulateCustomPolicyRequest;
import dev.freeway.iam.api.SimulatePolicyResponse;
import dev.freeway.iam.api.SimulatePrincipalPolicyRequest;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.policy.Access;
import dev.freeway.platform.policy.Caller;
import dev.freeway.platform.policy.Policies;
import dev.freeway.platform.policy.Policies.Decision;
import dev.freeway.platform.policy.Policy;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What policies would say, without asking for anything: the policy simulator, on the same engine
/// that `--enforce-iam` uses.
final class Simulation {
  private final Store store;
  private final Entities entities;
  private final EntityPolicies held;

  Simulation(Store store, Entities entities, EntityPolicies held) {
    this.store = store;
    this.entities = entities;
    this.held = held;
  }

  SimulatePolicyResponse custom(Call call, SimulateCustomPolicyRequest in) {
    Caller caller =
        Caller.of(call.account(), in.callerArn() == null ? call.principal().arn() : in.callerArn());
    Policies policies =
        policies(
            parse(in.policyInputList()),
            boundary(in.permissionsBoundaryPolicyInputList()),
            in.resourcePolicy());
    return evaluate(
        caller, policies, in.actionNames(), in.resourceArns(), in.contextEntries(), Map.of());
  }

  SimulatePolicyResponse principal(Call call, SimulatePrincipalPolicyRequest in) {
    return store.read(
        tx -> {
          Entity e = entity(tx, call, in.policySourceArn());
          List<Policy> identity = new ArrayList<>(parse(in.policyInputList()));
          identity.addAll(held.of(tx, call, e));
          Optional<Policy> boundary = boundary(in.permissionsBoundaryPolicyInputList());
          if (boundary.isEmpty()) {
            boundary = held.boundary(tx, call, e);
          }
          String arn = in.callerArn() == null ? e.arn(call.account()) : in.callerArn();
          Map<String, List<String>> known = new HashMap<>();
          known.put("aws:PrincipalArn", List.of(e.arn(call.account())));
          known.put("aws:PrincipalAccount", List.of(call.account()));
          if (e.kind() == Kind.USER) {
            known.put("aws:username", List.of(e.name()));
          }
          e.tags().forEach((k, v) -> known.put("aws:PrincipalTag/" + k, List.of(v)));
          return evaluate(
              Caller.of(call.account(), arn),
              policies(identity, boundary, in.resourcePolicy()),
              in.actionNames(),
              in.resourceArns(),
              in.contextEntries(),
              known);
        });
  }

  private Entity entity(ReadTx tx, Call call, String arn) {
    Arn parsed = Arn.parse(arn).orElseThrow(() -> ManagedPolicies.invalidArn(arn));
    for (Kind kind : Kind.values()) {
      if (parsed.resource().startsWith(kind.word() + "/")) {
        return entities.require(tx, call, kind, parsed.name());
      }
    }
    throw AwsException.client("InvalidInput", "Invalid Entity Arn: " + arn);
  }

  private static Policies policies(
      List<Policy> identity, Optional<Policy> boundary, @Nullable String resource) {
    return new Policies(
        identity,
        boundary,
        Optional.empty(),
        Optional.ofNullable(resource).map(r -> parse(List.of(r)).getFirst()),
        true,
        false);
  }

  private static Optional<Policy> boundary(@Nullable List<String> documents) {
    return parse(documents).stream().findFirst();
  }

  private static List<Policy> parse(@Nullable List<String> documents) {
    List<Policy> all = new ArrayList<>();
    if (documents != null) {
      for (String document : documents) {
        try {
          all.add(Policy.parse(document));
        } catch (IllegalArgumentException e) {
          throw IamErrors.invalidInputException("Invalid policy document: " + e.getMessage());
        }
      }
    }
    return all;
  }

  private static SimulatePolicyResponse evaluate(
      Caller caller,
      Policies policies,
      List<String> actions,
      @Nullable List<String> resources,
      @Nullable List<ContextEntry> context,
      Map<String, List<String>> known) {
    Map<String, List<String>> keys = new HashMap<>(known);
    if (context != null) {
      context.forEach(
          c -> {
            if (c.contextKeyName() != null && c.contextKeyValues() != null) {
              keys.put(c.contextKeyName(), c.contextKeyValues());
            }
          });
    }
    List<EvaluationResult> results = new ArrayList<>();
    for (String action : actions) {
      for (String resource : resources == null ? List.of("*") : resources) {
        Access access = new Access(caller, action, resource, keys);
        results.add(result(policies, access));
      }
    }
    return SimulatePolicyResponse.builder().evaluationResults(results).isTruncated(false).build();
  }

  private static EvaluationResult result(Policies policies, Access access) {
    String decision =
        switch (policies.decide(access)) {
          case Decision.Allowed _ -> "allowed";
          case Decision.DeniedBy _ -> "explicitDeny";
          case Decision.NotAllowedBy _ -> "implicitDeny";
        };
    PermissionsBoundaryDecisionDetail boundary =
        policies
            .boundary()
            .map(b -> Policies.ofIdentity(List.of(b)).decide(access) instanceof Decision.Allowed)
            .map(PermissionsBoundaryDecisionDetail::new)
            .orElse(null);
    return EvaluationResult.builder()
        .evalActionName(access.action())
        .evalResourceName(access.resource())
        .evalDecision(decision)
        .matchedStatements(List.of())
        .missingContextValues(missing(policies, access))
        .permissionsBoundaryDecisionDetail(boundary)
        .build();
  }

  private static List<String> missing(Policies policies, Access access) {
    return policies.conditionKeys().stream().filter(k -> !access.has(k)).toList();
  }

  GetContextKeysForPolicyResponse keysOfCustom(Call call, GetContextKeysForCustomPolicyRequest in) {
    return new GetContextKeysForPolicyResponse(
        Policies.ofIdentity(parse(in.policyInputList())).conditionKeys());
  }

  GetContextKeysForPolicyResponse keysOfPrincipal(
      Call call, GetContextKeysForPrincipalPolicyRequest in) {
    return store.read(
        tx -> {
          List<Policy> all = new ArrayList<>(parse(in.policyInputList()));
          all.addAll(held.of(tx, call, entity(tx, call, in.policySourceArn())));
          return new GetContextKeysForPolicyResponse(
              new ArrayList<>(new TreeSet<>(Policies.ofIdentity(all).conditionKeys())));
        });
  }
}
