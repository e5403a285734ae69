package dev.freeway.lambda;

import dev.freeway.platform.Call;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Peer;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.sign.Credential;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// Answers at function URLs: hosts named `ID.lambda-url.REGION.localhost`.
final class UrlRoute implements HttpRoute {
  private static final Pattern HOST =
      Pattern.compile("([a-z2-7]{32})\\.lambda-url\\.[a-z0-9-]+\\.localhost(:\\d+)?");
  private static final int MOST = 6_291_456;

  private final Platform platform;
  private final Functions functions;
  private final FunctionUrls urls;
  private final Invoker invoker;

  UrlRoute(Platform platform, Functions functions, FunctionUrls urls, Invoker invoker) {
    this.platform = platform;
    this.functions = functions;
    this.urls = urls;
    this.invoker = invoker;
  }

  @Override
  public boolean matches(WireRequest request) {
    return HOST.matcher(request.headers().getOr("Host", "")).matches();
  }

  /// The function's own rules (CORS) say who may.
  @Override
  public boolean openToPages() {
    return true;
  }

  @Override
  public WireResponse handle(WireRequest request) {
    Matcher host = HOST.matcher(request.headers().getOr("Host", ""));
    Optional<StoredUrl> found =
        host.matches()
            ? platform.store().read(tx -> urls.byId(tx, host.group(1)))
            : Optional.empty();
    if (found.isEmpty()) {
      return message(403, "Forbidden");
    }
    StoredUrl url = found.get();
    if (request.method().equals("OPTIONS") && url.cors() != null) {
      return UrlCors.preflight(url.cors(), request);
    }
    WireResponse response;
    try {
      response = invoke(url, request);
    } catch (AwsException e) {
      response = message(e.status() >= 500 ? 502 : e.status(), e.message());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      response = message(503, "Freeway is stopping");
    }
    if (url.cors() != null) {
      UrlCors.allow(url.cors(), request, response.headers());
    }
    return response;
  }

  private WireResponse invoke(StoredUrl url, WireRequest request) throws InterruptedException {
    Principal caller = caller(url, request);
    Call call =
        new Call(
            url.ref().scope(),
            caller,
            Ids.uuid(),
            platform.clock().instant(),
            platform.settings().endpoint(),
            Peer.of(request.headers()));
    try {
      platform
          .authorizer()
          .get()
          .authorize(
              call,
              "lambda:InvokeFunctionUrl",
              url.ref().arn(),
              Map.of("lambda:FunctionUrlAuthType", List.of(url.authType())));
    } catch (AwsException e) {
      throw AwsException.of("AccessDeniedException", 403, "Forbidden");
    }
    byte[] body = request.body().bytes();
    if (body.length > MOST) {
      return message(413, "Request Too Long");
    }
    Invoke.Chosen chosen = platform.store().read(tx -> Invoke.choose(functions, tx, url.ref()));
    Invoke.ready(chosen.version());
    byte[] event = UrlEvent.of(url, caller, call, request, body);
    Answer answer =
        invoker.invoke(
            chosen.function(),
            chosen.version(),
            Invocation.of(call.requestId(), event, null, url.ref().arn()));
    return answer.ok()
        ? UrlEvent.response(answer.payload())
        : message(502, "Internal Server Error");
  }

  private Principal caller(StoredUrl url, WireRequest request) {
    if (url.authType().equals("NONE")) {
      return Principal.anonymous(url.account());
    }
    Credential credential;
    try {
      credential = Credential.of(request);
    } catch (IllegalArgumentException e) {
      credential = null;
    }
    if (credential == null) {
      throw AwsException.of("AccessDeniedException", 403, "Forbidden");
    }
    return platform.identities().identify(credential, request);
  }

  static WireResponse message(int status, String text) {
    byte[] body =
        JsonMapper.shared()
            .writeValueAsString(Map.of("Message", text))
            .getBytes(StandardCharsets.UTF_8);
    return new WireResponse(
        status,
        new Headers().set("Content-Type", "application/json"),
        dev.freeway.wire.Body.of(body));
  }
}
