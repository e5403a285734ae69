package dev.freeway.s3;

import dev.freeway.platform.HttpRoute;
import dev.freeway.s3.api.CORSConfiguration;
import dev.freeway.s3.api.CORSRule;
import dev.freeway.store.Store;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What browsers are told of a bucket's CORS rules: the answers to their preflights, and headers on
/// all others.
final class Cors implements HttpRoute {
  private final Store store;
  private final Buckets buckets;

  Cors(Store store, Buckets buckets) {
    this.store = store;
    this.buckets = buckets;
  }

  @Override
  public boolean matches(WireRequest request) {
    return request.method().equals("OPTIONS")
        && request.headers().get("Origin") != null
        && request.headers().get("Access-Control-Request-Method") != null
        && store.read(tx -> buckets.find(tx, bucket(request))).isPresent();
  }

  private static String bucket(WireRequest request) {
    String path = HostStyle.normalise(request).rawPath().substring(1);
    int slash = path.indexOf('/');
    return QueryString.decode(slash < 0 ? path : path.substring(0, slash), false);
  }

  @Override
  public boolean openToPages() {
    return true;
  }

  @Override
  public WireResponse handle(WireRequest request) {
    String origin = request.headers().getOr("Origin", "");
    String method = request.headers().getOr("Access-Control-Request-Method", "");
    List<String> headers = names(request.headers().getOr("Access-Control-Request-Headers", ""));
    Optional<CORSConfiguration> config = config(request);
    Optional<CORSRule> rule = config.flatMap(c -> rule(c, origin, method, headers));
    return rule.map(r -> allowed(r, origin, headers))
        .orElseGet(
            () ->
                denied(
                    config.isEmpty()
                        ? "CORSResponse: CORS is not enabled for this bucket."
                        : "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."));
  }

  /// Adds what the rule for the request's origin and method says.
  void answered(WireRequest request, WireResponse response) {
    String origin = request.headers().get("Origin");
    if (origin == null) {
      return;
    }
    config(request)
        .flatMap(c -> rule(c, origin, request.method(), List.of()))
        .ifPresent(
            r ->
                allowed(r, origin, List.of())
                    .headers()
                    .forEach((name, value) -> response.headers().add(name, value)));
  }

  private Optional<CORSConfiguration> config(WireRequest request) {
    return store.read(tx -> BucketSettings.CORS.find(tx, bucket(request)));
  }

  private static Optional<CORSRule> rule(
      CORSConfiguration config, String origin, String method, List<String> headers) {
    return config.corsRules().stream().filter(r -> allows(r, origin, method, headers)).findFirst();
  }

  private static List<String> names(String header) {
    return header.isBlank()
        ? List.of()
        : Arrays.stream(header.split(",")).map(h -> h.trim().toLowerCase(Locale.ROOT)).toList();
  }

  private static boolean allows(CORSRule r, String origin, String method, List<String> headers) {
    return r.allowedMethods().contains(method)
        && any(r.allowedOrigins(), origin)
        && headers.stream().allMatch(h -> any(r.allowedHeaders(), h));
  }

  private static boolean any(@org.jspecify.annotations.Nullable List<String> patterns, String s) {
    return patterns != null
        && patterns.stream()
            .anyMatch(
                p ->
                    Pattern.compile(
                            Arrays.stream(p.split("\\*", -1))
                                .map(Pattern::quote)
                                .reduce((a, b) -> a + ".*" + b)
                                .orElse(""),
                            Pattern.CASE_INSENSITIVE)
                        .matcher(s)
                        .matches());
  }

  private static WireResponse allowed(CORSRule r, String origin, List<String> headers) {
    boolean everyone = r.allowedOrigins().contains("*");
    Headers out =
        Headers.of(
            "Access-Control-Allow-Origin",
            everyone ? "*" : origin,
            "Access-Control-Allow-Methods",
            String.join(", ", r.allowedMethods()),
            "Vary",
            "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
    if (!everyone) {
      out.add("Access-Control-Allow-Credentials", "true");
    }
    if (!headers.isEmpty()) {
      out.add("Access-Control-Allow-Headers", String.join(", ", headers));
    }
    if (r.exposeHeaders() != null) {
      out.add("Access-Control-Expose-Headers", String.join(", ", r.exposeHeaders()));
    }
    if (r.maxAgeSeconds() != null) {
      out.add("Access-Control-Max-Age", r.maxAgeSeconds().toString());
    }
    return new WireResponse(200, out, Body.of(new byte[0]));
  }

  private static WireResponse denied(String message) {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessForbidden</Code><Message>"
            + message
            + "</Message></Error>";
    return WireResponse.of(
        403, "application/xml", xml.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
