package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.platform.policy.Policy;
import dev.freeway.store.Store;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// IAM policies of repositories, as documents.
final class RepositoryPolicies {
  private final Store store;
  private final Repositories repositories;

  RepositoryPolicies(Store store, Repositories repositories) {
    this.store = store;
    this.repositories = repositories;
  }

  SetRepositoryPolicyResponse set(Call call, SetRepositoryPolicyRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    check(in.policyText(), "repository");
    store.update(
        tx ->
            repositories.save(
                tx,
                repositories.require(tx, scope, in.repositoryName()).withPolicy(in.policyText())));
    return SetRepositoryPolicyResponse.builder()
        .registryId(scope.account())
        .repositoryName(in.repositoryName())
        .policyText(in.policyText())
        .build();
  }

  GetRepositoryPolicyResponse get(Call call, GetRepositoryPolicyRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    StoredRepository r = store.read(tx -> repositories.require(tx, scope, in.repositoryName()));
    return GetRepositoryPolicyResponse.builder()
        .registryId(scope.account())
        .repositoryName(r.name())
        .policyText(text(r))
        .build();
  }

  DeleteRepositoryPolicyResponse delete(Call call, DeleteRepositoryPolicyRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    String before =
        store.write(
            tx -> {
              StoredRepository r = repositories.require(tx, scope, in.repositoryName());
              String text = text(r);
              repositories.save(tx, r.withPolicy(null));
              return text;
            });
    return DeleteRepositoryPolicyResponse.builder()
        .registryId(scope.account())
        .repositoryName(in.repositoryName())
        .policyText(before)
        .build();
  }

  private static String text(StoredRepository r) {
    if (r.policy() == null) {
      throw EcrErrors.repositoryPolicyNotFoundException(
          "Repository policy does not exist for the repository with name '%s' in the registry with id '%s'"
              .formatted(r.name(), r.account()));
    }
    return r.policy();
  }

  /// @param what repository or registry
  static void check(String policy, String what) {
    try {
      JsonNode statements = JsonMapper.shared().readTree(policy).path("Statement");
      if (statements.isContainer()) {
        Policy.parse(policy);
        for (JsonNode s : statements.isArray() ? statements : List.of(statements)) {
          statement(s, what);
        }
        return;
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw invalid(what);
    }
    throw invalid(what);
  }

  // A policy of a repository is about that repository: it names no resource. Both say who may do
  // what of ECR's.
  private static void statement(JsonNode s, String what) {
    boolean repository = what.equals("repository");
    boolean resource = s.has("Resource") || s.has("NotResource");
    boolean principal = s.has("Principal") || s.has("NotPrincipal");
    if (!principal || repository == resource) {
      throw invalid(what);
    }
    JsonNode actions = s.path(s.has("NotAction") ? "NotAction" : "Action");
    for (JsonNode action : actions.isArray() ? actions : List.of(actions)) {
      if (!action.asString("").matches("(?i)\\*|ecr:[a-z*?]+")) {
        throw invalid(what);
      }
    }
  }

  private static dev.freeway.wire.AwsException invalid(String what) {
    return EcrErrors.invalidParameterException(
        "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid "
            + what
            + " policy provided'");
  }
}
