package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.secretsmanager.api.*;
import dev.freeway.store.Key;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Describes secrets, one or all, and lists the versions of one. Never their values.
final class ListSecrets {
  private static final int PAGE = 100;

  private final Store store;
  private final Secrets secrets;

  ListSecrets(Store store, Secrets secrets) {
    this.store = store;
    this.secrets = secrets;
  }

  static AwsException badToken() {
    return SecretsmanagerErrors.invalidNextTokenException("The specified token isn't valid.");
  }

  DescribeSecretResponse describe(Call call, DescribeSecretRequest in) {
    Secret s = store.read(tx -> secrets.require(tx, call, in.secretId()));
    Secret source = store.read(tx -> secrets.source(tx, s));
    Optional<Secret.Rotation> rotation = Optional.ofNullable(source.rotation());
    return DescribeSecretResponse.builder()
        .arn(s.arn())
        .name(s.name())
        .type(s.type())
        .description(source.description())
        .kmsKeyId(s.kmsKeyId())
        .rotationEnabled(rotation.map(Secret.Rotation::enabled).orElse(null))
        .rotationLambdaARN(rotation.map(Secret.Rotation::lambdaArn).orElse(null))
        .rotationRules(rotation.map(Secret.Rotation::rules).orElse(null))
        .lastRotatedDate(rotation.map(Secret.Rotation::last).orElse(null))
        .nextRotationDate(rotation.map(Secret.Rotation::next).orElse(null))
        .lastChangedDate(source.changed())
        .lastAccessedDate(s.accessed())
        .deletedDate(s.deleted())
        .tags(TagOperations.list(source.tags()))
        .versionIdsToStages(source.stages().isEmpty() ? null : source.stages())
        .createdDate(s.created())
        .primaryRegion(primaryRegion(s))
        .replicationStatus(s.replicas().isEmpty() ? null : Replication.status(s))
        .build();
  }

  private static @Nullable String primaryRegion(Secret s) {
    return s.isReplica() ? s.primaryRegion() : s.replicas().isEmpty() ? null : s.scope().region();
  }

  ListSecretsResponse list(Call call, ListSecretsRequest in) {
    SecretFilter filter = new SecretFilter(in.filters());
    boolean doomed = Boolean.TRUE.equals(in.includePlannedDeletion());
    List<Secret> all =
        new ArrayList<>(
            store.read(tx -> secrets.all(tx, call.scope())).stream()
                .filter(s -> (doomed || s.deleted() == null) && filter.matches(s))
                .toList());
    all.sort(order(in.sortBy()));
    if ("desc".equals(in.sortOrder())) {
      Collections.reverse(all);
    }
    record Numbered(String number, Secret secret) {}
    List<Numbered> numbered = new ArrayList<>();
    all.forEach(s -> numbered.add(new Numbered(Key.number(numbered.size()), s)));
    var page =
        Page.of(numbered, Numbered::number, in.nextToken(), in.maxResults(), PAGE, badToken());
    return ListSecretsResponse.builder()
        .secretList(page.map(n -> entry(n.secret())))
        .nextToken(page.nextToken())
        .build();
  }

  private static Comparator<Secret> order(@Nullable String by) {
    Comparator<Secret> name = Comparator.comparing(Secret::name);
    return switch (by == null ? "created-date" : by) {
      case "name" -> name;
      case "last-changed-date" -> Comparator.comparing(Secret::changed).thenComparing(name);
      case "last-accessed-date" ->
          Comparator.comparing((Secret s) -> s.accessed() == null ? Instant.MIN : s.accessed())
              .thenComparing(name);
      default -> Comparator.comparing(Secret::created).thenComparing(name);
    };
  }

  private SecretListEntry entry(Secret s) {
    Secret source = s.isReplica() ? store.read(tx -> secrets.source(tx, s)) : s;
    Optional<Secret.Rotation> rotation = Optional.ofNullable(source.rotation());
    return SecretListEntry.builder()
        .arn(s.arn())
        .name(s.name())
        .type(s.type())
        .description(source.description())
        .kmsKeyId(s.kmsKeyId())
        .rotationEnabled(rotation.map(Secret.Rotation::enabled).orElse(null))
        .rotationLambdaARN(rotation.map(Secret.Rotation::lambdaArn).orElse(null))
        .rotationRules(rotation.map(Secret.Rotation::rules).orElse(null))
        .nextRotationDate(rotation.map(Secret.Rotation::next).orElse(null))
        .lastChangedDate(source.changed())
        .lastAccessedDate(s.accessed())
        .deletedDate(s.deleted())
        .tags(TagOperations.list(source.tags()))
        .secretVersionsToStages(source.stages().isEmpty() ? null : source.stages())
        .createdDate(s.created())
        .primaryRegion(primaryRegion(s))
        .build();
  }

  ListSecretVersionIdsResponse versions(Call call, ListSecretVersionIdsRequest in) {
    Secret s = store.read(tx -> secrets.require(tx, call, in.secretId()));
    Secret source = store.read(tx -> secrets.source(tx, s));
    boolean old = Boolean.TRUE.equals(in.includeDeprecated());
    List<Secret.Version> all =
        source.versions().values().stream()
            .filter(v -> old || !v.stages().isEmpty())
            .sorted(Comparator.comparing(Secret.Version::id))
            .toList();
    var page = Page.of(all, Secret.Version::id, in.nextToken(), in.maxResults(), PAGE, badToken());
    return ListSecretVersionIdsResponse.builder()
        .arn(s.arn())
        .name(s.name())
        .versions(
            page.map(
                v ->
                    SecretVersionsListEntry.builder()
                        .versionId(v.id())
                        .versionStages(v.stages())
                        .createdDate(v.created())
                        .lastAccessedDate(v.accessed())
                        .kmsKeyIds(List.of(v.kmsKeyId()))
                        .build()))
        .nextToken(page.nextToken())
        .build();
  }
}
