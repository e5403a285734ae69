package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.util.Optional;

/// Webhooks of projects: create, update, delete. A project on CodeCommit hears of pushes by itself;
/// for other servers there is an address to be registered there.
record Webhooks(Store store, Projects projects) {
  static final String PATH = "/_freeway/codebuild/webhooks";
  private static final Table<Hook> HOOKS = new Table<>("codebuild_webhooks", Hook.class);

  /// By the token in its address.
  record Hook(Scope scope, String project, String secret) {}

  Optional<Hook> hook(ReadTx tx, String token) {
    return tx.get(HOOKS, token);
  }

  CreateWebhookOutput create(Call call, CreateWebhookInput in) {
    WebhookFilters.check(in.filterGroups(), in.branchFilter());
    String token = Ids.uuid();
    String secret = Ids.uuid();
    Webhook made =
        store.write(
            tx -> {
              Project p = projects.require(tx, call.scope(), in.projectName());
              String type = p.source().type();
              check(p, type, in);
              boolean codeCommit = type.equals("CODECOMMIT");
              Webhook hook =
                  Webhook.builder()
                      .url(codeCommit ? null : p.source().location())
                      .payloadUrl(codeCommit ? null : call.endpoint() + PATH + "?t=" + token)
                      .branchFilter(in.branchFilter())
                      .filterGroups(in.filterGroups())
                      .buildType(in.buildType() == null ? "BUILD" : in.buildType())
                      .manualCreation(in.manualCreation())
                      .lastModifiedSecret(call.at())
                      .status("ACTIVE")
                      .pullRequestBuildPolicy(in.pullRequestBuildPolicy())
                      .build();
              if (!codeCommit) {
                tx.put(HOOKS, token, new Hook(call.scope(), p.name(), secret));
              }
              projects.save(tx, call.scope(), p.toBuilder().webhook(hook).build());
              return codeCommit ? hook : hook.toBuilder().secret(secret).build();
            });
    return CreateWebhookOutput.builder().webhook(made).build();
  }

  private static void check(Project p, String type, CreateWebhookInput in) {
    if (type.equals("S3") || type.equals("NO_SOURCE") || type.equals("CODEPIPELINE")) {
      throw CodebuildErrors.invalidInputException(
          "Webhooks are not supported for the project's source type " + type);
    }
    if (p.webhook() != null) {
      throw CodebuildErrors.resourceAlreadyExistsException(
          "Webhook already exists for project " + p.name());
    }
    if (in.scopeConfiguration() != null || "RUNNER_BUILDKITE_BUILD".equals(in.buildType())) {
      throw CodebuildErrors.invalidInputException(
          "Freeway has no webhooks of organizations, and none for runners");
    }
    boolean manual =
        Boolean.TRUE.equals(in.manualCreation())
            || type.equals("GITHUB_ENTERPRISE")
            || type.equals("CODECOMMIT");
    if (!manual) {
      throw CodebuildErrors.oAuthProviderException(
          "Freeway registers nothing at "
              + type
              + ": create the webhook with manualCreation and register its payloadUrl there");
    }
  }

  private Project required(ReadTx tx, Call call, String name) {
    Project p = projects.require(tx, call.scope(), name);
    if (p.webhook() == null) {
      throw CodebuildErrors.resourceNotFoundException(
          "Webhook cannot be found for project " + p.name());
    }
    return p;
  }

  UpdateWebhookOutput update(Call call, UpdateWebhookInput in) {
    WebhookFilters.check(in.filterGroups(), in.branchFilter());
    Webhook after =
        store.write(
            tx -> {
              Project p = required(tx, call, in.projectName());
              Webhook before = p.webhook();
              boolean rotate = Boolean.TRUE.equals(in.rotateSecret());
              boolean groups = in.filterGroups() != null && !in.filterGroups().isEmpty();
              Webhook.Builder changed =
                  before.toBuilder()
                      .filterGroups(StartBuild.or(in.filterGroups(), before.filterGroups()))
                      .branchFilter(
                          groups ? null : StartBuild.or(in.branchFilter(), before.branchFilter()))
                      .buildType(StartBuild.or(in.buildType(), before.buildType()))
                      .pullRequestBuildPolicy(
                          StartBuild.or(
                              in.pullRequestBuildPolicy(), before.pullRequestBuildPolicy()));
              if (in.branchFilter() != null && !in.branchFilter().isEmpty()) {
                changed.filterGroups(null);
              }
              String secret = null;
              if (rotate && before.payloadUrl() != null) {
                secret = Ids.uuid();
                String token = token(before.payloadUrl());
                tx.put(HOOKS, token, new Hook(call.scope(), p.name(), secret));
                changed.lastModifiedSecret(call.at());
              }
              Webhook hook = changed.build();
              projects.save(tx, call.scope(), p.toBuilder().webhook(hook).build());
              return secret == null ? hook : hook.toBuilder().secret(secret).build();
            });
    return UpdateWebhookOutput.builder().webhook(after).build();
  }

  private static String token(String payloadUrl) {
    return payloadUrl.substring(payloadUrl.lastIndexOf('=') + 1);
  }

  DeleteWebhookOutput delete(Call call, DeleteWebhookInput in) {
    store.update(
        tx -> {
          Project p = required(tx, call, in.projectName());
          if (p.webhook().payloadUrl() != null) {
            tx.delete(HOOKS, token(p.webhook().payloadUrl()));
          }
          projects.save(tx, call.scope(), p.toBuilder().webhook(null).build());
        });
    return DeleteWebhookOutput.builder().build();
  }
}
