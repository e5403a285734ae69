package dev.freeway.codebuild;

import dev.freeway.codebuild.api.Project;
import dev.freeway.platform.HttpRoute;
import dev.freeway.store.Store;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The address that a GitHub, or a server that speaks like it, is told to call: signed payloads
/// become events of the project's webhook.
record GitHubHooks(Store store, Projects projects, Webhooks webhooks, WebhookStarts starts)
    implements HttpRoute {

  @Override
  public boolean matches(WireRequest request) {
    return request.rawPath().equals(Webhooks.PATH);
  }

  @Override
  public WireResponse handle(WireRequest request) {
    String token =
        request.query().stream()
            .filter(p -> p.key().equals("t"))
            .map(QueryString.Pair::value)
            .findFirst()
            .orElse("");
    Optional<Webhooks.Hook> hook =
        token.isEmpty() ? Optional.empty() : store.read(tx -> webhooks.hook(tx, token));
    byte[] body = request.body().bytes();
    if (hook.isEmpty()) {
      return answer(404, "there is no such webhook");
    }
    if (!signed(body, hook.get().secret(), request.headers().get("X-Hub-Signature-256"))) {
      return answer(403, "the signature is wrong");
    }
    String kind = request.headers().get("X-GitHub-Event");
    WebhookEvent event;
    try {
      event = GitHubPayload.event(String.valueOf(kind), JsonMapper.shared().readTree(body));
    } catch (JacksonException e) {
      return answer(400, "the payload is not JSON");
    }
    if (event == null) {
      return answer(200, "nothing to do for " + kind);
    }
    boolean started = start(hook.get(), event);
    return answer(200, started ? "a build was started" : "no filter group matches");
  }

  private boolean start(Webhooks.Hook hook, WebhookEvent event) {
    return store.write(
        tx -> {
          Optional<Project> p = projects.find(tx, hook.scope(), hook.project());
          if (p.isEmpty()
              || p.get().webhook() == null
              || !WebhookFilters.pass(p.get().webhook(), event)) {
            return false;
          }
          starts.start(tx, hook.scope(), p.get(), event, "GitHub-Hookshot");
          return true;
        });
  }

  private static boolean signed(byte[] body, String secret, @Nullable String signature) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      String right = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
      return signature != null
          && MessageDigest.isEqual(
              right.getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static WireResponse answer(int status, String text) {
    return WireResponse.of(status, "text/plain", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
