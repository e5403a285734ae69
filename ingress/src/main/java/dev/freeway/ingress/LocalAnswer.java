package dev.freeway.ingress;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// A response of the load balancer's own.
///
/// @param headers whole lines, each with its end
record LocalAnswer(int status, String contentType, byte[] body, String headers) {

  static LocalAnswer error(int status) {
    return new LocalAnswer(status, "text/html", Octets.of(ErrorPage.body(status)), "");
  }

  static LocalAnswer fixed(Action.FixedResponse fixed) {
    byte[] body = fixed.body().getBytes(StandardCharsets.UTF_8);
    return new LocalAnswer(fixed.statusCode(), fixed.contentType(), body, "");
  }

  static LocalAnswer redirect(int status, String location) {
    return new LocalAnswer(
        status, "text/html", Octets.of(ErrorPage.body(status)), "Location: " + location + "\r\n");
  }

  void write(Wire client, boolean toHead, boolean keepAlive, ListenerAttributes attributes)
      throws WireFailure {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(' ').append(ErrorPage.reason(status));
    if (attributes.server()) {
      head.append("\r\nServer: awselb/2.0");
    }
    head.append("\r\nDate: ").append(HttpDate.of(Instant.now()));
    if (body.length > 0) {
      head.append("\r\nContent-Type: ").append(contentType);
    }
    head.append("\r\nContent-Length: ").append(body.length).append("\r\n").append(headers);
    head.append(ResponseHead.added(attributes, ""));
    head.append("Connection: ").append(keepAlive ? "keep-alive" : "close").append("\r\n\r\n");
    client.put(head.toString());
    if (!toHead) {
      client.put(body);
    }
    client.flush();
  }
}
