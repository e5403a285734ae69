package dev.freeway.s3;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a website's visitor is shown where there is nothing else to show.
final class ErrorPage {
  private static final Map<Integer, String> REASONS =
      Map.of(
          403, "Forbidden",
          404, "Not Found",
          405, "Method Not Allowed",
          416, "Range Not Satisfiable");

  private ErrorPage() {}

  static WireResponse of(AwsException e, boolean head) {
    Headers headers = Headers.of("x-amz-error-code", e.code(), "x-amz-error-message", e.message());
    e.headers().forEach(headers::set);
    if (e.status() < 400 || head) {
      return new WireResponse(e.status(), headers, Body.of(new byte[0]));
    }
    String title = e.status() + " " + REASONS.getOrDefault(e.status(), e.code());
    StringBuilder items = new StringBuilder();
    item(items, "Code", e.code());
    item(items, "Message", e.message());
    e.fields().forEach((name, value) -> item(items, name, value));
    String page =
        "<html>\n<head><title>%s</title></head>\n<body>\n<h1>%s</h1>\n<ul>\n%s</ul>\n<hr/>\n</body>\n</html>\n"
            .formatted(title, title, items);
    headers.set("Content-Type", "text/html; charset=utf-8");
    return new WireResponse(e.status(), headers, Body.of(page.getBytes(StandardCharsets.UTF_8)));
  }

  private static void item(StringBuilder to, String name, @Nullable Object value) {
    String text =
        String.valueOf(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    to.append("<li>").append(name).append(": ").append(text).append("</li>\n");
  }
}
