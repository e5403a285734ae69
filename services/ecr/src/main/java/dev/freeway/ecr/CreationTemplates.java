package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Repository creation templates.
final class CreationTemplates {
  private static final int MOST = 50;
  private final Store store;

  CreationTemplates(Store store) {
    this.store = store;
  }

  CreateRepositoryCreationTemplateResponse create(
      Call call, CreateRepositoryCreationTemplateRequest in) {
    StoredTemplate made =
        new StoredTemplate(
            in.prefix(),
            in.description(),
            in.encryptionConfiguration() == null
                ? new EncryptionConfigurationForRepositoryCreationTemplate("AES256", null)
                : in.encryptionConfiguration(),
            in.resourceTags(),
            in.imageTagMutability() == null ? "MUTABLE" : in.imageTagMutability(),
            in.imageTagMutabilityExclusionFilters(),
            none(in.repositoryPolicy()),
            none(in.lifecyclePolicy()),
            in.appliedFor(),
            in.customRoleArn(),
            call.at(),
            call.at());
    check(made);
    store.update(
        tx -> {
          if (RepositoryMaking.template(tx, call.scope(), in.prefix()).isPresent()) {
            throw EcrErrors.templateAlreadyExistsException(
                "The repository creation template with prefix '%s' already exists in the registry with id '%s'"
                    .formatted(in.prefix(), call.account()));
          }
          if (RepositoryMaking.templates(tx, call.scope()).size() >= MOST) {
            throw EcrErrors.limitExceededException(
                "A registry has at most " + MOST + " repository creation templates");
          }
          RepositoryMaking.save(tx, call.scope(), made);
        });
    return new CreateRepositoryCreationTemplateResponse(call.account(), view(made));
  }

  UpdateRepositoryCreationTemplateResponse update(
      Call call, UpdateRepositoryCreationTemplateRequest in) {
    StoredTemplate changed =
        store.write(
            tx -> {
              StoredTemplate t = require(tx, call, in.prefix());
              String mutability =
                  in.imageTagMutability() == null ? t.mutability() : in.imageTagMutability();
              List<ImageTagMutabilityExclusionFilter> exclusions =
                  in.imageTagMutabilityExclusionFilters() != null
                      ? in.imageTagMutabilityExclusionFilters()
                      : mutability.endsWith("_WITH_EXCLUSION") ? t.exclusions() : List.of();
              StoredTemplate now =
                  new StoredTemplate(
                      t.prefix(),
                      in.description() == null ? t.description() : in.description(),
                      in.encryptionConfiguration() == null
                          ? t.encryption()
                          : in.encryptionConfiguration(),
                      in.resourceTags() == null ? t.tags() : in.resourceTags(),
                      mutability,
                      exclusions,
                      in.repositoryPolicy() == null ? t.policy() : none(in.repositoryPolicy()),
                      in.lifecyclePolicy() == null ? t.lifecycle() : none(in.lifecyclePolicy()),
                      in.appliedFor() == null ? t.appliedFor() : in.appliedFor(),
                      in.customRoleArn() == null ? t.role() : in.customRoleArn(),
                      t.createdAt(),
                      call.at());
              check(now);
              RepositoryMaking.save(tx, call.scope(), now);
              return now;
            });
    return new UpdateRepositoryCreationTemplateResponse(call.account(), view(changed));
  }

  DeleteRepositoryCreationTemplateResponse delete(
      Call call, DeleteRepositoryCreationTemplateRequest in) {
    StoredTemplate gone =
        store.write(
            tx -> {
              StoredTemplate t = require(tx, call, in.prefix());
              RepositoryMaking.delete(tx, call.scope(), in.prefix());
              return t;
            });
    return new DeleteRepositoryCreationTemplateResponse(call.account(), view(gone));
  }

  DescribeRepositoryCreationTemplatesResponse describe(
      Call call, DescribeRepositoryCreationTemplatesRequest in) {
    List<StoredTemplate> some =
        store.read(tx -> RepositoryMaking.templates(tx, call.scope())).stream()
            .filter(
                t ->
                    in.prefixes() == null
                        || in.prefixes().isEmpty()
                        || in.prefixes().contains(t.prefix()))
            .toList();
    var page =
        Page.of(some, StoredTemplate::prefix, in.nextToken(), in.maxResults(), 100, Ecr.badToken());
    return new DescribeRepositoryCreationTemplatesResponse(
        call.account(), page.map(CreationTemplates::view), page.nextToken());
  }

  private static StoredTemplate require(ReadTx tx, Call call, String prefix) {
    return RepositoryMaking.template(tx, call.scope(), prefix)
        .orElseThrow(
            () ->
                EcrErrors.templateNotFoundException(
                    "The repository creation template with prefix '%s' does not exist in the registry with id '%s'"
                        .formatted(prefix, call.account())));
  }

  private static void check(StoredTemplate t) {
    RepositoryCrud.checkExclusions(t.mutability(), t.exclusions());
    if (t.policy() != null) {
      RepositoryPolicies.check(t.policy(), "repository");
    }
    if (t.lifecycle() != null) {
      LifecyclePolicy.parse(t.lifecycle());
    }
    RepositoryTags.merge(Map.of(), t.tags());
    if (t.appliedFor().isEmpty()) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'appliedFor' failed to satisfy constraint: 'Member must have length greater than or equal to 1'");
    }
  }

  /// An empty text takes a policy away.
  private static @Nullable String none(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static RepositoryCreationTemplate view(StoredTemplate t) {
    return RepositoryCreationTemplate.builder()
        .prefix(t.prefix())
        .description(t.description())
        .encryptionConfiguration(t.encryption())
        .resourceTags(t.tags())
        .imageTagMutability(t.mutability())
        .imageTagMutabilityExclusionFilters(t.exclusions().isEmpty() ? null : t.exclusions())
        .repositoryPolicy(t.policy())
        .lifecyclePolicy(t.lifecycle())
        .appliedFor(t.appliedFor())
        .customRoleArn(t.role())
        .createdAt(t.createdAt())
        .updatedAt(t.updatedAt())
        .build();
  }
}
