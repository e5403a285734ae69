package dev.freeway.console;

import dev.freeway.platform.HttpRoute;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// `GET /_freeway/console` and the files below it. They are the console's only part on the server:
/// the page asks the AWS APIs for everything else.
public final class ConsoleRoute implements HttpRoute {
  private static final String ROOT = "/_freeway/console";

  // Only what is named here is served, so no path leads anywhere else.
  private static final List<String> FILES =
      List.of(
          "index.html",
          "console.css",
          "address.js",
          "aws.js",
          "builds.js",
          "containers.js",
          "dashboards.js",
          "dom.js",
          "format.js",
          "main.js",
          "metrics.js",
          "pipelines.js",
          "repositories.js",
          "spark.js");

  // The page shows what others wrote, such as commit messages: nothing of it may run or load.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Map<String, Asset> assets =
      FILES.stream().collect(Collectors.toMap(Function.identity(), Asset::read));

  @Override
  public boolean matches(WireRequest request) {
    return request.rawPath().equals(ROOT) || request.rawPath().startsWith(ROOT + "/");
  }

  @Override
  public WireResponse handle(WireRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return text(405, "the console is only read\n");
    }
    String name = request.rawPath().substring(ROOT.length()).replaceFirst("^/", "");
    Asset asset = assets.get(name.isEmpty() ? "index.html" : name);
    if (asset == null) {
      return text(404, "the console has no such file\n");
    }
    Headers headers =
        Headers.of(
            "Content-Type",
            asset.type(),
            "Cache-Control",
            "no-cache",
            "ETag",
            asset.etag(),
            "Content-Security-Policy",
            POLICY,
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer");
    return asset.etag().equals(request.headers().get("If-None-Match"))
        ? new WireResponse(304, headers, Body.of(new byte[0]))
        : new WireResponse(200, headers, Body.of(asset.content()));
  }

  private static WireResponse text(int status, String text) {
    return WireResponse.of(
        status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }
}
