package dev.freeway.ingress;

import java.util.List;
import java.util.Set;

/// The head of HTTP/1.1 for the header fields of a target's response.
///
/// @param length of the body; -1 when it was not said
record Http2ResponseText(byte[] head, int status, boolean chunked, long length) {
  private static final Set<String> OF_CONNECTION =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  /// @param end whether there is no body
  /// @param toHead whether it answers a HEAD
  static Http2ResponseText of(int stream, List<Field> fields, boolean end, boolean toHead)
      throws Http2Failure {
    StringBuilder lines = new StringBuilder(256);
    int status = 0;
    long length = -1;
    for (Field field : fields) {
      String name = field.name();
      if (name.equals(":status") && status == 0 && field.value().matches("[1-5]\\d\\d")) {
        status = Integer.parseInt(field.value());
        continue;
      }
      Http2RequestText.need(fits(field), stream, "header field");
      if (name.equals("content-length")) {
        Http2RequestText.need(length < 0 && field.value().matches("\\d{1,18}"), stream, name);
        length = Long.parseLong(field.value());
      }
      lines.append(name).append(": ").append(field.value()).append("\r\n");
    }
    Http2RequestText.need(status > 0 && status != 101, stream, "status");
    boolean bodiless = toHead || status < 200 || status == 204 || status == 304;
    boolean chunked = !end && length < 0 && !bodiless;
    if (chunked) {
      lines.append("transfer-encoding: chunked\r\n");
    } else if (end && length < 0 && !bodiless) {
      lines.append("content-length: 0\r\n");
    }
    String start = "HTTP/1.1 " + status + " " + ErrorPage.reason(status) + "\r\n";
    byte[] head = Octets.of(start + lines + "\r\n");
    return new Http2ResponseText(head, status, chunked, bodiless ? -1 : end ? 0 : length);
  }

  private static boolean fits(Field field) {
    return Http2RequestText.token(field.name(), true)
        && Http2RequestText.clean(field.value())
        && !OF_CONNECTION.contains(field.name());
  }
}
