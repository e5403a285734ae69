package dev.freeway.elbv2;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A request as a function gets it from a load balancer.
///
/// Sources: "Use Lambda functions as targets of an Application Load Balancer".
final class FunctionEvent {
  private FunctionEvent() {}

  static byte[] of(HttpExchange exchange, byte[] body, String group, boolean multi) {
    ObjectNode event = JsonMapper.shared().createObjectNode();
    event.putObject("requestContext").putObject("elb").put("targetGroupArn", group);
    event.put("httpMethod", exchange.getRequestMethod());
    event.put("path", exchange.getRequestURI().getRawPath());
    Map<String, List<String>> query = new TreeMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        // Load balancers hand values on as they came, encoded.
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        query
            .computeIfAbsent(name, n -> new java.util.ArrayList<>())
            .add(equals < 0 ? "" : pair.substring(equals + 1));
      }
    }
    Map<String, List<String>> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    put(event, multi ? "multiValueQueryStringParameters" : "queryStringParameters", query, multi);
    put(event, multi ? "multiValueHeaders" : "headers", headers, multi);
    boolean text = isText(headers);
    event.put(
        "body",
        text ? new String(body, StandardCharsets.UTF_8) : Base64.getEncoder().encodeToString(body));
    event.put("isBase64Encoded", !text);
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void put(
      ObjectNode event, String name, Map<String, List<String>> all, boolean multi) {
    ObjectNode into = event.putObject(name);
    all.forEach(
        (key, values) -> {
          if (multi) {
            values.forEach(into.withArray(key)::add);
          } else {
            // The last one counts.
            into.put(key, values.getLast());
          }
        });
  }

  private static boolean isText(Map<String, List<String>> headers) {
    if (headers.containsKey("content-encoding")) {
      return false;
    }
    List<String> given = headers.get("content-type");
    String type = given == null ? "text/" : given.getFirst().toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || type.startsWith("application/json")
        || type.startsWith("application/javascript")
        || type.startsWith("application/xml");
  }
}
