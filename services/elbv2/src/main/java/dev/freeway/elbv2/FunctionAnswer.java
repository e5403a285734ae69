package dev.freeway.elbv2;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a function answers to a load balancer, as a response.
record FunctionAnswer(int status, Map<String, List<String>> headers, byte[] body) {
  private static final int MOST_BYTES = 1_048_576;
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "content-length",
          "keep-alive",
          "proxy-authenticate",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /// Empty when it is no response: then the client gets 502.
  static Optional<FunctionAnswer> parse(byte[] payload, boolean multi) {
    JsonNode said;
    try {
      said = JsonMapper.shared().readTree(payload);
    } catch (JacksonException e) {
      return Optional.empty();
    }
    JsonNode code = said.path("statusCode");
    int status = code.isInt() ? code.asInt() : 0;
    if (payload.length > MOST_BYTES || status < 200 || status > 599) {
      return Optional.empty();
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    JsonNode given = said.path(multi ? "multiValueHeaders" : "headers");
    given
        .properties()
        .forEach(
            e -> {
              List<String> values = new ArrayList<>();
              if (e.getValue().isArray()) {
                e.getValue().forEach(v -> values.add(v.asString()));
              } else {
                values.add(e.getValue().asString());
              }
              headers.put(e.getKey(), values);
            });
    String text = said.path("body").asString("");
    try {
      byte[] body =
          said.path("isBase64Encoded").asBoolean(false)
              ? Base64.getDecoder().decode(text)
              : text.getBytes(StandardCharsets.UTF_8);
      return Optional.of(new FunctionAnswer(status, headers, body));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  void write(HttpExchange exchange) throws IOException {
    headers.forEach(
        (name, values) -> {
          if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(v -> exchange.getResponseHeaders().add(name, v));
          }
        });
    boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD") || status == 204;
    exchange.sendResponseHeaders(status, none ? -1 : body.length);
    if (!none) {
      exchange.getResponseBody().write(body);
    }
  }
}
