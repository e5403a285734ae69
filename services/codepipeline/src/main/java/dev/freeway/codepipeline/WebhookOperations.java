package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Webhooks: make, list, delete. Registering one with GitHub is left to whoever owns the
/// repository: Freeway calls nobody outside.
final class WebhookOperations {
  private static final int PAGE = 100;
  private static final int MOST = 300;

  private final Store store;
  private final Pipelines pipelines;
  private final Webhooks hooks;

  WebhookOperations(Store store, Pipelines pipelines, Webhooks hooks) {
    this.store = store;
    this.pipelines = pipelines;
    this.hooks = hooks;
  }

  PutWebhookOutput put(Call call, PutWebhookInput in) {
    WebhookDefinition d = in.webhook();
    check(d);
    Webhook saved =
        store.write(
            tx -> {
              Pipeline p = pipelines.require(tx, call.scope(), d.targetPipeline());
              if (Pipeline.sources(p.declaration()).stream()
                  .noneMatch(a -> a.name().equals(d.targetAction()))) {
                throw RuleOperations.invalid(
                    "Pipeline '"
                        + p.name()
                        + "' has no source action named '"
                        + d.targetAction()
                        + "'");
              }
              Webhook before = hooks.find(tx, call.scope(), d.name()).orElse(null);
              if (before == null && hooks.all(tx, call.scope()).size() >= MOST) {
                throw CodepipelineErrors.limitExceededException(
                    "The account has reached the limit of " + MOST + " webhooks");
              }
              Map<String, String> tags =
                  new LinkedHashMap<>(before == null ? Map.of() : before.tags());
              if (in.tags() != null) {
                in.tags().forEach(t -> tags.put(t.key(), t.value()));
              }
              Webhook hook =
                  new Webhook(
                      call.scope(),
                      d,
                      before == null ? Ids.alphanumeric(43) : before.token(),
                      tags,
                      before == null ? null : before.lastTriggered(),
                      null,
                      null);
              hooks.save(tx, hook);
              return hook;
            });
    return new PutWebhookOutput(saved.shown(call.endpoint()));
  }

  private static void check(WebhookDefinition d) {
    WebhookAuthConfiguration a = d.authenticationConfiguration();
    boolean fits =
        switch (d.authentication()) {
          case "GITHUB_HMAC" -> a.secretToken() != null && a.allowedIPRange() == null;
          case "IP" -> a.allowedIPRange() != null && a.secretToken() == null;
          default -> a.allowedIPRange() == null && a.secretToken() == null;
        };
    if (!fits) {
      throw CodepipelineErrors.invalidWebhookAuthenticationParametersException(
          switch (d.authentication()) {
            case "GITHUB_HMAC" -> "GITHUB_HMAC needs a SecretToken and nothing else";
            case "IP" -> "IP needs an AllowedIPRange and nothing else";
            default -> "UNAUTHENTICATED takes no authentication configuration";
          });
    }
    if (a.allowedIPRange() != null && !IpRange.valid(a.allowedIPRange())) {
      throw CodepipelineErrors.invalidWebhookAuthenticationParametersException(
          "AllowedIPRange must be a CIDR range: " + a.allowedIPRange());
    }
    if (d.filters().isEmpty()) {
      throw CodepipelineErrors.invalidWebhookFilterPatternException(
          "A webhook needs at least one filter");
    }
    for (WebhookFilterRule f : d.filters()) {
      try {
        JsonPath.parse(f.jsonPath());
      } catch (IllegalArgumentException e) {
        throw CodepipelineErrors.invalidWebhookFilterPatternException(
            "'" + f.jsonPath() + "' is not a JsonPath: " + e.getMessage());
      }
    }
  }

  ListWebhooksOutput list(Call call, ListWebhooksInput in) {
    List<Webhook> all = store.read(tx -> hooks.all(tx, call.scope()));
    var page =
        Page.of(
            all,
            h -> h.definition().name(),
            in.nextToken(),
            in.maxResults(),
            PAGE,
            CodepipelineErrors.invalidNextTokenException(
                "The next token was specified in an invalid format"));
    return ListWebhooksOutput.builder()
        .webhooks(page.map(h -> h.shown(call.endpoint())))
        .nextToken(page.nextToken())
        .build();
  }

  DeleteWebhookOutput delete(Call call, DeleteWebhookInput in) {
    store.update(tx -> hooks.find(tx, call.scope(), in.name()).ifPresent(h -> hooks.delete(tx, h)));
    return DeleteWebhookOutput.builder().build();
  }

  /// AWS registers at GitHub with the token of the source action. Here the address is to be given
  /// to the git host by hand, and this says so.
  RegisterWebhookWithThirdPartyOutput register(Call call, RegisterWebhookWithThirdPartyInput in) {
    Webhook hook = require(call, in.webhookName());
    throw RuleOperations.invalid(
        "Freeway calls no third party: add "
            + hook.shown(call.endpoint()).url()
            + " to the repository's webhooks");
  }

  /// Nothing was registered, so nothing needs to be taken back.
  DeregisterWebhookWithThirdPartyOutput deregister(
      Call call, DeregisterWebhookWithThirdPartyInput in) {
    require(call, in.webhookName());
    return DeregisterWebhookWithThirdPartyOutput.builder().build();
  }

  private Webhook require(Call call, @org.jspecify.annotations.Nullable String name) {
    if (name == null) {
      throw RuleOperations.invalid("webhookName is required");
    }
    return store
        .read(tx -> hooks.find(tx, call.scope(), name))
        .orElseThrow(
            () ->
                CodepipelineErrors.webhookNotFoundException(
                    "The webhook '" + name + "' was not found"));
  }
}
