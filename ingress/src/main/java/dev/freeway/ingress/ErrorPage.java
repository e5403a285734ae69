package dev.freeway.ingress;

import java.util.Map;

/// What the load balancer says when it answers by itself.
final class ErrorPage {
  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(201, "Created"),
          Map.entry(202, "Accepted"),
          Map.entry(204, "No Content"),
          Map.entry(301, "Moved Permanently"),
          Map.entry(302, "Found"),
          Map.entry(304, "Not Modified"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Not Allowed"),
          Map.entry(408, "Request Time-out"),
          Map.entry(413, "Request Entity Too Large"),
          Map.entry(414, "Request-URI Too Large"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(463, ""),
          Map.entry(464, ""),
          Map.entry(500, "Internal Server Error"),
          Map.entry(501, "Not Implemented"),
          Map.entry(502, "Bad Gateway"),
          Map.entry(503, "Service Temporarily Unavailable"),
          Map.entry(504, "Gateway Time-out"),
          Map.entry(505, "HTTP Version Not Supported"));

  private ErrorPage() {}

  static String reason(int status) {
    return REASONS.getOrDefault(status, "");
  }

  static String body(int status) {
    String title = (status + " " + reason(status)).strip();
    return "<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%s</h1></center>\r\n</body>\r\n</html>\r\n"
        .formatted(title, title);
  }
}
