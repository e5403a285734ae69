package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pull-through cache rules.
final class PullThroughRules {
  private static final int MOST = 50;

  private final Store store;
  private final Upstreams upstreams;

  PullThroughRules(Store store, Upstreams upstreams) {
    this.store = store;
    this.upstreams = upstreams;
  }

  CreatePullThroughCacheRuleResponse create(Call call, CreatePullThroughCacheRuleRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    String host = in.upstreamRegistryUrl().replaceFirst("^https?://", "").replaceFirst("/+$", "");
    String word = upstreams.word(host, in.upstreamRegistry());
    if (Upstreams.wantsCredentials(word) && in.credentialArn() == null) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'credentialArn' failed to satisfy constraint: 'Member must not be null' for the upstream registry "
              + word);
    }
    upstreams.credentials(scope, in.credentialArn());
    StoredRule rule =
        new StoredRule(
            in.ecrRepositoryPrefix(),
            in.upstreamRegistryUrl(),
            word,
            in.credentialArn(),
            in.customRoleArn(),
            in.upstreamRepositoryPrefix(),
            call.at(),
            call.at());
    store.update(
        tx -> {
          if (StoredRule.find(tx, scope, rule.prefix()).isPresent()) {
            throw EcrErrors.pullThroughCacheRuleAlreadyExistsException(
                "A pull through cache rule with ecrRepositoryPrefix '%s' already exists in the registry with id '%s'"
                    .formatted(rule.prefix(), scope.account()));
          }
          if (StoredRule.all(tx, scope).size() >= MOST) {
            throw EcrErrors.limitExceededException(
                "A registry has at most " + MOST + " pull through cache rules");
          }
          rule.save(tx, scope);
        });
    return CreatePullThroughCacheRuleResponse.builder()
        .ecrRepositoryPrefix(rule.prefix())
        .upstreamRegistryUrl(rule.url())
        .upstreamRegistry(word)
        .registryId(scope.account())
        .credentialArn(rule.credentialArn())
        .customRoleArn(rule.role())
        .upstreamRepositoryPrefix(rule.upstreamPrefix())
        .createdAt(rule.createdAt())
        .build();
  }

  UpdatePullThroughCacheRuleResponse update(Call call, UpdatePullThroughCacheRuleRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    upstreams.credentials(scope, in.credentialArn());
    StoredRule rule =
        store.write(
            tx -> {
              StoredRule changed =
                  require(tx, scope, in.ecrRepositoryPrefix())
                      .with(in.credentialArn(), in.customRoleArn(), call.at());
              changed.save(tx, scope);
              return changed;
            });
    return UpdatePullThroughCacheRuleResponse.builder()
        .ecrRepositoryPrefix(rule.prefix())
        .registryId(scope.account())
        .updatedAt(rule.updatedAt())
        .credentialArn(rule.credentialArn())
        .customRoleArn(rule.role())
        .upstreamRepositoryPrefix(rule.upstreamPrefix())
        .build();
  }

  DeletePullThroughCacheRuleResponse delete(Call call, DeletePullThroughCacheRuleRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    StoredRule rule =
        store.write(
            tx -> {
              StoredRule gone = require(tx, scope, in.ecrRepositoryPrefix());
              gone.delete(tx, scope);
              return gone;
            });
    return DeletePullThroughCacheRuleResponse.builder()
        .ecrRepositoryPrefix(rule.prefix())
        .upstreamRegistryUrl(rule.url())
        .createdAt(rule.createdAt())
        .registryId(scope.account())
        .credentialArn(rule.credentialArn())
        .customRoleArn(rule.role())
        .upstreamRepositoryPrefix(rule.upstreamPrefix())
        .build();
  }

  DescribePullThroughCacheRulesResponse describe(
      Call call, DescribePullThroughCacheRulesRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    List<String> prefixes = in.ecrRepositoryPrefixes();
    List<StoredRule> some =
        store.read(
            tx ->
                prefixes == null || prefixes.isEmpty()
                    ? StoredRule.all(tx, scope)
                    : prefixes.stream().map(p -> require(tx, scope, p)).toList());
    var page =
        Page.of(some, StoredRule::prefix, in.nextToken(), in.maxResults(), 100, Ecr.badToken());
    return new DescribePullThroughCacheRulesResponse(
        page.map(r -> r.view(scope.account())), page.nextToken());
  }

  /// Asks the upstream whether it answers, and takes the credentials.
  ValidatePullThroughCacheRuleResponse validate(Call call, ValidatePullThroughCacheRuleRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    StoredRule rule = store.read(tx -> require(tx, scope, in.ecrRepositoryPrefix()));
    String failure = failure(scope, rule);
    return ValidatePullThroughCacheRuleResponse.builder()
        .ecrRepositoryPrefix(rule.prefix())
        .registryId(scope.account())
        .upstreamRegistryUrl(rule.url())
        .credentialArn(rule.credentialArn())
        .customRoleArn(rule.role())
        .upstreamRepositoryPrefix(rule.upstreamPrefix())
        .isValid(failure == null)
        .failure(failure)
        .build();
  }

  private @Nullable String failure(Scope scope, StoredRule rule) {
    try {
      upstreams.of(scope, rule).check();
      return null;
    } catch (IOException e) {
      return e.getMessage();
    } catch (AwsException e) {
      return e.message();
    }
  }

  private static StoredRule require(ReadTx tx, Scope scope, String prefix) {
    return StoredRule.find(tx, scope, prefix)
        .orElseThrow(
            () ->
                EcrErrors.pullThroughCacheRuleNotFoundException(
                    "Pull through cache rule for ecrRepositoryPrefix '%s' was not found in the registry with id '%s'"
                        .formatted(prefix, scope.account())));
  }
}
