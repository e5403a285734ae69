package dev.freeway.lambda;

import dev.freeway.platform.Call;
import dev.freeway.platform.Peer;
import dev.freeway.platform.Principal;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Requests and responses of function URLs, in the payload format 2.0.
final class UrlEvent {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private UrlEvent() {}

  static byte[] of(StoredUrl url, Principal caller, Call call, WireRequest request, byte[] body) {
    String path = request.rawPath();
    ObjectNode e = JsonMapper.shared().createObjectNode();
    e.put("version", "2.0").put("routeKey", "$default");
    e.put("rawPath", path).put("rawQueryString", request.rawQuery());
    Map<String, String> headers = new TreeMap<>();
    request
        .headers()
        .forEach((k, v) -> headers.merge(k.toLowerCase(Locale.ROOT), v, (a, b) -> a + "," + b));
    String peer = headers.remove(Peer.HEADER.toLowerCase(Locale.ROOT));
    String cookies = headers.remove("cookie");
    if (cookies != null) {
      var all = e.putArray("cookies");
      for (String cookie : cookies.split("[;,] *")) {
        all.add(cookie);
      }
    }
    ObjectNode h = e.putObject("headers");
    headers.forEach(h::put);
    if (!request.rawQuery().isEmpty()) {
      Map<String, String> query = new TreeMap<>();
      for (QueryString.Pair p : QueryString.parse(request.rawQuery())) {
        query.merge(p.key(), p.value(), (a, b) -> a + "," + b);
      }
      ObjectNode q = e.putObject("queryStringParameters");
      query.forEach(q::put);
    }
    ObjectNode context = e.putObject("requestContext");
    context.put("accountId", caller.isAnonymous() ? "anonymous" : caller.account());
    context.put("apiId", url.id());
    if (!caller.isAnonymous()) {
      context
          .putObject("authorizer")
          .putObject("iam")
          .put("accessKey", caller.accessKey())
          .put("accountId", caller.account())
          .put("callerId", caller.userId())
          .put("userArn", caller.arn())
          .put("userId", caller.userId());
    }
    String host = headers.getOrDefault("host", "").replaceFirst(":\\d+$", "");
    context.put("domainName", host).put("domainPrefix", url.id());
    context
        .putObject("http")
        .put("method", request.method())
        .put("path", path)
        .put("protocol", "HTTP/1.1")
        .put("sourceIp", peer == null ? "127.0.0.1" : peer)
        .put("userAgent", headers.get("user-agent"));
    context.put("requestId", call.requestId()).put("routeKey", "$default");
    context.put("stage", "$default").put("time", TIME.format(call.at()));
    context.put("timeEpoch", call.at().toEpochMilli());
    boolean text = isText(headers.getOrDefault("content-type", "text/"));
    if (body.length > 0) {
      e.put(
          "body",
          text
              ? new String(body, StandardCharsets.UTF_8)
              : Base64.getEncoder().encodeToString(body));
    }
    e.put("isBase64Encoded", body.length > 0 && !text);
    return e.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isText(String type) {
    String t = type.toLowerCase(Locale.ROOT);
    return t.startsWith("text/")
        || t.contains("json")
        || t.contains("xml")
        || t.contains("javascript")
        || t.startsWith("application/x-www-form-urlencoded");
  }

  /// An object with a status code is the response; anything else is the body of one.
  static WireResponse response(byte[] answer) {
    JsonNode said;
    try {
      said = JsonMapper.shared().readTree(answer);
    } catch (JacksonException e) {
      return UrlRoute.message(502, "Internal Server Error");
    }
    Headers headers = new Headers().set("Content-Type", "application/json");
    if (!said.isObject() || !said.has("statusCode")) {
      byte[] body = said.isString() ? Environment.bytes(said.asString()) : answer;
      return new WireResponse(200, headers, Body.of(body));
    }
    int status = said.path("statusCode").asInt(0);
    if (status < 100 || status > 599) {
      return UrlRoute.message(502, "Internal Server Error");
    }
    said.path("headers")
        .properties()
        .forEach(p -> headers.set(p.getKey(), p.getValue().asString()));
    said.path("cookies").forEach(c -> headers.add("Set-Cookie", c.asString()));
    JsonNode body = said.path("body");
    String text = body.isString() ? body.asString() : body.isMissingNode() ? "" : body.toString();
    try {
      byte[] bytes =
          said.path("isBase64Encoded").asBoolean(false)
              ? Base64.getDecoder().decode(text)
              : Environment.bytes(text);
      return new WireResponse(status, headers, Body.of(bytes));
    } catch (IllegalArgumentException e) {
      return UrlRoute.message(502, "Internal Server Error");
    }
  }
}
