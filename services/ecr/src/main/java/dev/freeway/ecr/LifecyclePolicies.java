package dev.freeway.ecr;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Lifecycle policies of repositories, and what one would do.
final class LifecyclePolicies {
  private static final Table<Preview> PREVIEWS = new Table<>("ecr_previews", Preview.class);

  record Preview(String text) {}

  private final Platform platform;
  private final Repositories repositories;
  private final StoredImages images;

  LifecyclePolicies(Platform platform, Repositories repositories, StoredImages images) {
    this.platform = platform;
    this.repositories = repositories;
    this.images = images;
  }

  PutLifecyclePolicyResponse put(Call call, PutLifecyclePolicyRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    LifecyclePolicy.parse(in.lifecyclePolicyText());
    platform
        .store()
        .update(
            tx -> {
              StoredRepository r = repositories.require(tx, scope, in.repositoryName());
              repositories.save(tx, r.withLifecycle(in.lifecyclePolicyText(), null));
              platform.flow().wake(tx, LifecycleExpiry.KIND, scope.key(r.name()));
            });
    return PutLifecyclePolicyResponse.builder()
        .registryId(scope.account())
        .repositoryName(in.repositoryName())
        .lifecyclePolicyText(in.lifecyclePolicyText())
        .build();
  }

  GetLifecyclePolicyResponse get(Call call, GetLifecyclePolicyRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    StoredRepository r =
        platform.store().read(tx -> repositories.require(tx, scope, in.repositoryName()));
    return GetLifecyclePolicyResponse.builder()
        .registryId(scope.account())
        .repositoryName(r.name())
        .lifecyclePolicyText(text(r))
        .lastEvaluatedAt(r.lifecycleEvaluatedAt())
        .build();
  }

  DeleteLifecyclePolicyResponse delete(Call call, DeleteLifecyclePolicyRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    StoredRepository before =
        platform
            .store()
            .write(
                tx -> {
                  StoredRepository r = repositories.require(tx, scope, in.repositoryName());
                  text(r);
                  repositories.save(tx, r.withLifecycle(null, null));
                  return r;
                });
    return DeleteLifecyclePolicyResponse.builder()
        .registryId(scope.account())
        .repositoryName(before.name())
        .lifecyclePolicyText(before.lifecycle())
        .lastEvaluatedAt(before.lifecycleEvaluatedAt())
        .build();
  }

  StartLifecyclePolicyPreviewResponse startPreview(
      Call call, StartLifecyclePolicyPreviewRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    String text =
        platform
            .store()
            .write(
                tx -> {
                  StoredRepository r = repositories.require(tx, scope, in.repositoryName());
                  String chosen =
                      in.lifecyclePolicyText() == null ? text(r) : in.lifecyclePolicyText();
                  LifecyclePolicy.parse(chosen);
                  tx.put(PREVIEWS, scope.key(r.name()), new Preview(chosen));
                  return chosen;
                });
    return StartLifecyclePolicyPreviewResponse.builder()
        .registryId(scope.account())
        .repositoryName(in.repositoryName())
        .lifecyclePolicyText(text)
        .status("IN_PROGRESS")
        .build();
  }

  /// Evaluated when asked for: what the policy would do now.
  GetLifecyclePolicyPreviewResponse preview(Call call, GetLifecyclePolicyPreviewRequest in) {
    Scope scope = RepositoryCrud.scope(call, in.registryId());
    record Found(String text, List<StoredImage> images) {}
    Found found =
        platform
            .store()
            .read(
                tx -> {
                  StoredRepository r = repositories.require(tx, scope, in.repositoryName());
                  Preview preview =
                      tx.get(PREVIEWS, scope.key(r.name()))
                          .orElseThrow(
                              () ->
                                  EcrErrors.lifecyclePolicyPreviewNotFoundException(
                                      "Lifecycle policy preview not found for the repository with name '%s' in the registry with id '%s'"
                                          .formatted(r.name(), scope.account())));
                  return new Found(preview.text(), images.all(tx, r));
                });
    Map<StoredImage, LifecyclePolicy.Rule> due =
        LifecyclePolicy.parse(found.text()).due(found.images(), call.at());
    String tagStatus = in.filter() == null ? null : in.filter().tagStatus();
    long archiving = due.values().stream().filter(LifecyclePolicy.Rule::archives).count();
    var page =
        Page.of(
            due.keySet().stream()
                .filter(i -> ImageCrud.status(i, tagStatus) && wanted(i, in.imageIds()))
                .sorted(java.util.Comparator.comparing(StoredImage::digest))
                .toList(),
            StoredImage::digest,
            in.nextToken(),
            in.maxResults(),
            100,
            Ecr.badToken());
    return GetLifecyclePolicyPreviewResponse.builder()
        .registryId(scope.account())
        .repositoryName(in.repositoryName())
        .lifecyclePolicyText(found.text())
        .status("COMPLETE")
        .previewResults(
            page.map(
                i -> {
                  LifecyclePolicy.Rule rule = Objects.requireNonNull(due.get(i));
                  return LifecyclePolicyPreviewResult.builder()
                      .imageDigest(i.digest())
                      .imageTags(i.tags())
                      .imagePushedAt(i.pushedAt())
                      .action(action(rule))
                      .appliedRulePriority(rule.priority())
                      .storageClass(i.archived() ? "ARCHIVE" : "STANDARD")
                      .build();
                }))
        .nextToken(page.nextToken())
        .summary(
            LifecyclePolicyPreviewSummary.builder()
                .expiringImageTotalCount(due.size() - (int) archiving)
                .transitioningImageTotalCounts(
                    archiving == 0
                        ? List.of()
                        : List.of(new TransitioningImageTotalCount("ARCHIVE", (int) archiving)))
                .build())
        .build();
  }

  private static LifecyclePolicyRuleAction action(LifecyclePolicy.Rule rule) {
    return rule.archives()
        ? new LifecyclePolicyRuleAction("TRANSITION", "ARCHIVE")
        : new LifecyclePolicyRuleAction("EXPIRE", null);
  }

  private static boolean wanted(StoredImage image, @Nullable List<ImageIdentifier> ids) {
    return ids == null
        || ids.isEmpty()
        || ids.stream()
            .anyMatch(
                id ->
                    image.digest().equals(id.imageDigest())
                        || id.imageDigest() == null && image.tags().contains(id.imageTag()));
  }

  /// Before the repository goes.
  static void forget(Tx tx, StoredRepository r) {
    tx.delete(PREVIEWS, r.scope().key(r.name()));
  }

  private static String text(StoredRepository r) {
    if (r.lifecycle() == null) {
      throw EcrErrors.lifecyclePolicyNotFoundException(
          "Lifecycle policy does not exist for the repository with name '%s' in the registry with id '%s'"
              .formatted(r.name(), r.account()));
    }
    return r.lifecycle();
  }
}
