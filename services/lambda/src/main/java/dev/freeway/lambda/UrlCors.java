package dev.freeway.lambda;

import dev.freeway.lambda.api.Cors;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which pages of other origins may call a function URL.
final class UrlCors {
  private UrlCors() {}

  static WireResponse preflight(Cors cors, WireRequest request) {
    WireResponse response = WireResponse.empty(200);
    if (allow(cors, request, response.headers())) {
      put(response.headers(), "Access-Control-Allow-Methods", cors.allowMethods());
      put(response.headers(), "Access-Control-Allow-Headers", cors.allowHeaders());
      if (cors.maxAge() != null) {
        response.headers().set("Access-Control-Max-Age", String.valueOf(cors.maxAge()));
      }
    }
    return response;
  }

  /// Whether the request's origin may.
  static boolean allow(Cors cors, WireRequest request, Headers headers) {
    String origin = request.headers().get("Origin");
    List<String> origins = cors.allowOrigins() == null ? List.of() : cors.allowOrigins();
    if (origin == null || !origins.contains("*") && !origins.contains(origin)) {
      return false;
    }
    boolean credentials = Boolean.TRUE.equals(cors.allowCredentials());
    boolean any = origins.contains("*") && !credentials;
    headers.set("Access-Control-Allow-Origin", any ? "*" : origin);
    headers.set("Vary", "Origin");
    if (credentials) {
      headers.set("Access-Control-Allow-Credentials", "true");
    }
    put(headers, "Access-Control-Expose-Headers", cors.exposeHeaders());
    return true;
  }

  private static void put(Headers headers, String name, @Nullable List<String> values) {
    if (values != null && !values.isEmpty()) {
      headers.set(name, String.join(",", values));
    }
  }
}
