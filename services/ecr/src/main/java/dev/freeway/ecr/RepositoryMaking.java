package dev.freeway.ecr;

import dev.freeway.ecr.api.EncryptionConfiguration;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes the repositories that come without CreateRepository: by the registry's templates.
final class RepositoryMaking {
  private static final Table<StoredTemplate> TEMPLATES =
      new Table<>("ecr_templates", StoredTemplate.class);

  private final Platform platform;
  private final Repositories repositories;

  RepositoryMaking(Platform platform, Repositories repositories) {
    this.platform = platform;
    this.repositories = repositories;
  }

  static List<StoredTemplate> templates(ReadTx tx, Scope scope) {
    return tx.scan(TEMPLATES, Key.prefix(scope.account(), scope.region())).stream()
        .map(Row::value)
        .toList();
  }

  static Optional<StoredTemplate> template(ReadTx tx, Scope scope, String prefix) {
    return tx.get(TEMPLATES, scope.key(prefix));
  }

  static void save(Tx tx, Scope scope, StoredTemplate template) {
    tx.put(TEMPLATES, scope.key(template.prefix()), template);
  }

  static void delete(Tx tx, Scope scope, String prefix) {
    tx.delete(TEMPLATES, scope.key(prefix));
  }

  StoredRepository forReplication(Scope scope, String name) {
    return make(scope, name, "REPLICATION", false).orElseThrow();
  }

  StoredRepository forCache(Scope scope, String name) {
    return make(scope, name, "PULL_THROUGH_CACHE", false).orElseThrow();
  }

  /// Empty when no template says that pushes create such a repository.
  Optional<StoredRepository> onPush(Scope scope, String name) {
    return RepositoryCrud.isName(name)
        ? make(scope, name, "CREATE_ON_PUSH", true)
        : Optional.empty();
  }

  private Optional<StoredRepository> make(
      Scope scope, String name, String why, boolean byTemplateOnly) {
    return platform
        .store()
        .write(
            tx -> {
              Optional<StoredRepository> there = repositories.find(tx, scope, name);
              if (there.isPresent()) {
                return there;
              }
              StoredTemplate template =
                  templates(tx, scope).stream()
                      .filter(t -> t.appliedFor().contains(why) && t.fits(name))
                      .max(Comparator.comparingInt(StoredTemplate::weight))
                      .orElse(null);
              if (template == null && byTemplateOnly) {
                return Optional.empty();
              }
              StoredRepository made = made(scope, name, template, platform.clock().instant());
              repositories.save(tx, made);
              return Optional.of(made);
            });
  }

  private static StoredRepository made(
      Scope scope, String name, @Nullable StoredTemplate t, Instant now) {
    EncryptionConfiguration encryption =
        t == null
            ? EncryptionConfiguration.builder().encryptionType("AES256").build()
            : new EncryptionConfiguration(t.encryption().encryptionType(), t.encryption().kmsKey());
    return new StoredRepository(
        scope.account(),
        scope.region(),
        name,
        now,
        t == null ? "MUTABLE" : t.mutability(),
        t == null ? List.of() : t.exclusions(),
        false,
        encryption,
        t == null ? null : t.policy(),
        t == null ? null : t.lifecycle(),
        null,
        t == null ? Map.of() : RepositoryTags.merge(Map.of(), t.tags()));
  }
}
