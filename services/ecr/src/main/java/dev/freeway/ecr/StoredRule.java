package dev.freeway.ecr;

import dev.freeway.ecr.api.PullThroughCacheRule;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A pull-through cache rule: repositories under a prefix are another registry's.
///
/// @param prefix of repositories here, ROOT for all
/// @param url the upstream's host, as given
/// @param upstream ECR's word for it; null for one on this machine or network
/// @param upstreamPrefix put before names there; ROOT for none
record StoredRule(
    String prefix,
    String url,
    @Nullable String upstream,
    @Nullable String credentialArn,
    @Nullable String role,
    @Nullable String upstreamPrefix,
    Instant createdAt,
    Instant updatedAt) {
  private static final Table<StoredRule> RULES = new Table<>("ecr_cache_rules", StoredRule.class);

  static Optional<StoredRule> find(ReadTx tx, Scope scope, String prefix) {
    return tx.get(RULES, scope.key(prefix));
  }

  static List<StoredRule> all(ReadTx tx, Scope scope) {
    return tx.scan(RULES, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  /// The rule a repository falls under: of the longest prefix.
  static Optional<StoredRule> of(ReadTx tx, Scope scope, String repository) {
    return all(tx, scope).stream()
        .filter(r -> r.prefix.equals("ROOT") || repository.startsWith(r.folder()))
        .max(Comparator.comparingInt(r -> r.prefix.equals("ROOT") ? 0 : r.prefix.length()));
  }

  void save(Tx tx, Scope scope) {
    tx.put(RULES, scope.key(prefix), this);
  }

  void delete(Tx tx, Scope scope) {
    tx.delete(RULES, scope.key(prefix));
  }

  private String folder() {
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }

  /// What the upstream calls a repository of ours.
  String upstreamName(String repository) {
    String rest = prefix.equals("ROOT") ? repository : repository.substring(folder().length());
    if (upstreamPrefix == null || upstreamPrefix.equals("ROOT")) {
      return rest;
    }
    return upstreamPrefix.endsWith("/") ? upstreamPrefix + rest : upstreamPrefix + "/" + rest;
  }

  /// Without the scheme and without a slash at the end.
  String host() {
    return url.replaceFirst("^https?://", "").replaceFirst("/+$", "");
  }

  StoredRule with(@Nullable String newCredential, @Nullable String newRole, Instant at) {
    return new StoredRule(
        prefix,
        url,
        upstream,
        newCredential == null ? credentialArn : newCredential,
        newRole == null ? role : newRole,
        upstreamPrefix,
        createdAt,
        at);
  }

  PullThroughCacheRule view(String account) {
    return PullThroughCacheRule.builder()
        .ecrRepositoryPrefix(prefix)
        .upstreamRegistryUrl(url)
        .upstreamRegistry(upstream)
        .registryId(account)
        .credentialArn(credentialArn)
        .customRoleArn(role)
        .upstreamRepositoryPrefix(upstreamPrefix)
        .createdAt(createdAt)
        .updatedAt(updatedAt)
        .build();
  }
}
