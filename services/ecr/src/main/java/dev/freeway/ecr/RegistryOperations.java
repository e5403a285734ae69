package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A registry's policy, account settings, and principals whose pulls are not noted.
final class RegistryOperations {
  /// Names, their values, the one that counts until another is put first.
  private static final Map<String, Set<String>> SETTINGS =
      Map.of(
          "BASIC_SCAN_TYPE_VERSION", Set.of("AWS_NATIVE"),
          "REGISTRY_POLICY_SCOPE", Set.of("V1", "V2"),
          "BLOB_MOUNTING", Set.of("ENABLED", "DISABLED"));

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "BASIC_SCAN_TYPE_VERSION", "AWS_NATIVE",
          "REGISTRY_POLICY_SCOPE", "V2",
          "BLOB_MOUNTING", "ENABLED");
  private static final int MOST_EXCLUSIONS = 100;

  private final Store store;

  RegistryOperations(Store store) {
    this.store = store;
  }

  private StoredRegistry of(Call call) {
    return store.read(tx -> StoredRegistry.of(tx, call.scope()));
  }

  private void change(Call call, UnaryOperator<StoredRegistry> change) {
    Scope scope = call.scope();
    store.update(tx -> change.apply(StoredRegistry.of(tx, scope)).save(tx, scope));
  }

  PutRegistryPolicyResponse putPolicy(Call call, PutRegistryPolicyRequest in) {
    RepositoryPolicies.check(in.policyText(), "registry");
    change(call, r -> r.withPolicy(in.policyText()));
    return new PutRegistryPolicyResponse(call.account(), in.policyText());
  }

  private static String policy(StoredRegistry r, Call call) {
    if (r.policy() == null) {
      throw EcrErrors.registryPolicyNotFoundException(
          "Registry policy does not exist in the registry with id '%s'".formatted(call.account()));
    }
    return r.policy();
  }

  GetRegistryPolicyResponse policy(Call call, GetRegistryPolicyRequest in) {
    return new GetRegistryPolicyResponse(call.account(), policy(of(call), call));
  }

  DeleteRegistryPolicyResponse deletePolicy(Call call, DeleteRegistryPolicyRequest in) {
    String before = policy(of(call), call);
    change(call, r -> r.withPolicy(null));
    return new DeleteRegistryPolicyResponse(call.account(), before);
  }

  PutAccountSettingResponse putSetting(Call call, PutAccountSettingRequest in) {
    Set<String> values = setting(in.name());
    if (in.name().equals("BASIC_SCAN_TYPE_VERSION") && in.value().equals("CLAIR")) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'value' failed to satisfy constraint: 'CLAIR is no longer supported'");
    }
    if (!values.contains(in.value())) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'value' failed to satisfy constraint: 'must be one of %s'"
              .formatted(values.stream().sorted().toList()));
    }
    change(call, r -> r.withSetting(in.name(), in.value()));
    return new PutAccountSettingResponse(in.name(), in.value());
  }

  GetAccountSettingResponse setting(Call call, GetAccountSettingRequest in) {
    setting(in.name());
    return new GetAccountSettingResponse(in.name(), setting(of(call), in.name()));
  }

  static @Nullable String setting(StoredRegistry registry, String name) {
    return registry.settings().getOrDefault(name, DEFAULTS.get(name));
  }

  private static Set<String> setting(String name) {
    Set<String> values = SETTINGS.get(name);
    if (values == null) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'name' failed to satisfy constraint: 'must be one of %s'"
              .formatted(SETTINGS.keySet().stream().sorted().toList()));
    }
    return values;
  }

  RegisterPullTimeUpdateExclusionResponse exclude(
      Call call, RegisterPullTimeUpdateExclusionRequest in) {
    change(
        call,
        r -> {
          if (r.exclusions().containsKey(in.principalArn())) {
            throw EcrErrors.exclusionAlreadyExistsException(
                "The exclusion for '%s' already exists in the registry with id '%s'"
                    .formatted(in.principalArn(), call.account()));
          }
          if (r.exclusions().size() >= MOST_EXCLUSIONS) {
            throw EcrErrors.limitExceededException(
                "A registry has at most " + MOST_EXCLUSIONS + " pull time update exclusions");
          }
          return r.withExclusion(in.principalArn(), call.at());
        });
    return new RegisterPullTimeUpdateExclusionResponse(in.principalArn(), call.at());
  }

  DeregisterPullTimeUpdateExclusionResponse include(
      Call call, DeregisterPullTimeUpdateExclusionRequest in) {
    change(
        call,
        r -> {
          if (!r.exclusions().containsKey(in.principalArn())) {
            throw EcrErrors.exclusionNotFoundException(
                "The exclusion for '%s' does not exist in the registry with id '%s'"
                    .formatted(in.principalArn(), call.account()));
          }
          return r.withExclusion(in.principalArn(), null);
        });
    return new DeregisterPullTimeUpdateExclusionResponse(in.principalArn());
  }

  ListPullTimeUpdateExclusionsResponse exclusions(
      Call call, ListPullTimeUpdateExclusionsRequest in) {
    var page =
        Page.of(
            of(call).exclusions().keySet().stream().sorted().toList(),
            p -> p,
            in.nextToken(),
            in.maxResults(),
            100,
            Ecr.badToken());
    return new ListPullTimeUpdateExclusionsResponse(page.items(), page.nextToken());
  }
}
