package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Sources;
import dev.freeway.codepipeline.Execution.Trigger;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.WebhookFilterRule;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Peer;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The address of webhooks: a call that proves itself and passes all filters starts the pipeline.
final class WebhookCalls implements HttpRoute {
  /// Set by the HTTP server, whatever the client sends.

  private final Platform platform;

  private final Pipelines pipelines;
  private final Webhooks hooks;
  private final Starter starter;

  WebhookCalls(Platform platform, Pipelines pipelines, Webhooks hooks, Starter starter) {
    this.platform = platform;
    this.pipelines = pipelines;
    this.hooks = hooks;
    this.starter = starter;
  }

  @Override
  public boolean matches(WireRequest request) {
    return request.rawPath().equals(Webhook.PATH);
  }

  @Override
  public WireResponse handle(WireRequest request) {
    String token =
        request.query().stream()
            .filter(p -> p.key().equals("t"))
            .map(QueryString.Pair::value)
            .findFirst()
            .orElse("");
    Optional<Webhook> hook =
        token.isEmpty() ? Optional.empty() : platform.store().read(tx -> hooks.byToken(tx, token));
    if (hook.isEmpty()) {
      return answer(404, "there is no such webhook");
    }
    byte[] body = request.body().bytes();
    if (!proven(hook.get(), request, body)) {
      return answer(
          403, "the call is not authenticated as " + hook.get().definition().authentication());
    }
    JsonNode payload;
    try {
      payload = JsonMapper.shared().readTree(body);
    } catch (JacksonException e) {
      return answer(400, "the payload is not JSON");
    }
    return start(hook.get(), payload);
  }

  private WireResponse start(Webhook hook, JsonNode payload) {
    return platform
        .store()
        .write(
            tx -> {
              Pipeline p =
                  pipelines.find(tx, hook.scope(), hook.definition().targetPipeline()).orElse(null);
              ActionDeclaration action =
                  p == null
                      ? null
                      : Pipeline.sources(p.declaration()).stream()
                          .filter(a -> a.name().equals(hook.definition().targetAction()))
                          .findFirst()
                          .orElse(null);
              if (p == null || action == null) {
                String why = "The pipeline or its source action does not exist any more";
                hooks.save(tx, hook.failed("PipelineNotFound", why));
                return answer(404, why);
              }
              Map<String, String> configuration =
                  action.configuration() == null ? Map.of() : action.configuration();
              for (WebhookFilterRule f : hook.definition().filters()) {
                if (!passes(f, configuration, payload)) {
                  return answer(200, "not for this pipeline: " + f.jsonPath());
                }
              }
              try {
                Execution e =
                    starter.start(
                        tx, p, new Trigger("Webhook", hook.arn()), List.of(), Sources.CONFIGURED);
                hooks.save(tx, hook.triggered(platform.clock().instant()));
                return answer(200, "started execution " + e.id());
              } catch (AwsException e) {
                hooks.save(tx, hook.failed(e.code(), e.message()));
                return answer(400, e.message());
              }
            });
  }

  static boolean passes(
      WebhookFilterRule filter, Map<String, String> configuration, JsonNode payload) {
    List<JsonNode> found = JsonPath.parse(filter.jsonPath()).find(payload);
    if (filter.matchEquals() == null) {
      return !found.isEmpty();
    }
    String wanted = filter.matchEquals();
    for (Map.Entry<String, String> e : configuration.entrySet()) {
      wanted = wanted.replace("{" + e.getKey() + "}", e.getValue());
    }
    String value = wanted;
    return found.stream().anyMatch(n -> n.isValueNode() && n.asString().equals(value));
  }

  private static boolean proven(Webhook hook, WireRequest request, byte[] body) {
    var a = hook.definition().authenticationConfiguration();
    return switch (hook.definition().authentication()) {
      case "GITHUB_HMAC" ->
          signed("HmacSHA256", "sha256=", body, a.secretToken(), request, "X-Hub-Signature-256")
              || signed("HmacSHA1", "sha1=", body, a.secretToken(), request, "X-Hub-Signature");
      case "IP" -> {
        String peer = request.headers().get(Peer.HEADER);
        yield peer != null && IpRange.contains(a.allowedIPRange(), peer);
      }
      default -> true;
    };
  }

  private static boolean signed(
      String algorithm,
      String prefix,
      byte[] body,
      String secret,
      WireRequest request,
      String header) {
    @Nullable String given = request.headers().get(header);
    if (given == null) {
      return false;
    }
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
      String right = prefix + HexFormat.of().formatHex(mac.doFinal(body));
      return MessageDigest.isEqual(
          right.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static WireResponse answer(int status, String text) {
    return WireResponse.of(status, "text/plain", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
