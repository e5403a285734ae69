package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ListWebhookItem;
import dev.freeway.codepipeline.api.Tag;
import dev.freeway.codepipeline.api.WebhookAuthConfiguration;
import dev.freeway.codepipeline.api.WebhookDefinition;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An address that starts a pipeline when it is called.
///
/// @param token says in the address which one is called
/// @param error of the latest call that did not start the pipeline
@RecordBuilder
record Webhook(
    Scope scope,
    WebhookDefinition definition,
    String token,
    Map<String, String> tags,
    @Nullable Instant lastTriggered,
    @Nullable String errorCode,
    @Nullable String error)
    implements WebhookBuilder.With {
  static final String PATH = "/_freeway/codepipeline/trigger";

  Webhook {
    tags = tags == null ? Map.of() : tags;
  }

  String arn() {
    return scope.arn("codepipeline", "webhook:" + definition.name()).toString();
  }

  Webhook triggered(Instant at) {
    return with().lastTriggered(at).errorCode(null).error(null).build();
  }

  Webhook failed(String code, String message) {
    return with().errorCode(code).error(message).build();
  }

  ListWebhookItem shown(String endpoint) {
    WebhookAuthConfiguration a = definition.authenticationConfiguration();
    WebhookAuthConfiguration hidden =
        new WebhookAuthConfiguration(a.allowedIPRange(), a.secretToken() == null ? null : "****");
    return ListWebhookItem.builder()
        .definition(definition.toBuilder().authenticationConfiguration(hidden).build())
        .url(endpoint + PATH + "?t=" + token + "&v=1")
        .arn(arn())
        .lastTriggered(lastTriggered)
        .errorCode(errorCode)
        .errorMessage(error)
        .tags(tags.entrySet().stream().map(e -> new Tag(e.getKey(), e.getValue())).toList())
        .build();
  }
}
