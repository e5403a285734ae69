package dev.freeway.ingress;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The head of HTTP/1.1 for the header fields of a request. What HTTP/2 forbids is refused here;
/// the rest, and the limits, are for those who read the head.
///
/// @param length of the body; -1 when it was not said
record Http2RequestText(byte[] head, String method, boolean chunked, long length) {
  private static final Set<String> PSEUDO = Set.of(":method", ":scheme", ":path", ":authority");
  private static final Set<String> OF_CONNECTION =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  /// @param end whether there is no body
  static Http2RequestText of(int stream, List<Field> fields, boolean end) throws Http2Failure {
    Map<String, String> pseudo = new HashMap<>();
    StringBuilder lines = new StringBuilder(512);
    StringBuilder cookies = new StringBuilder();
    String host = null;
    long length = -1;
    boolean regular = false;
    for (Field field : fields) {
      String name = field.name();
      need(clean(field.value()), stream, "header value");
      if (name.startsWith(":")) {
        boolean fresh = PSEUDO.contains(name) && pseudo.put(name, field.value()) == null;
        need(!regular && fresh, stream, "pseudo header");
        continue;
      }
      regular = true;
      need(token(name, true) && !OF_CONNECTION.contains(name), stream, "header name");
      switch (name) {
        case "host" -> {
          need(host == null, stream, "two hosts");
          host = field.value();
        }
        case "cookie" -> cookies.append(cookies.isEmpty() ? "" : "; ").append(field.value());
        case "te" -> need(field.value().equals("trailers"), stream, "te");
        case "content-length" -> {
          need(length < 0 && field.value().matches("\\d{1,18}"), stream, "content-length");
          length = Long.parseLong(field.value());
          line(lines, name, field.value());
        }
        default -> line(lines, name, field.value());
      }
    }
    if (!cookies.isEmpty()) {
      line(lines, "cookie", cookies.toString());
    }
    need(!end || length <= 0, stream, "content-length of nothing");
    String method = pseudo.getOrDefault(":method", "");
    boolean chunked = !end && length < 0;
    if (chunked) {
      line(lines, "transfer-encoding", "chunked");
    } else if (end && length < 0 && wantsLength(method)) {
      line(lines, "content-length", "0");
    }
    String start = start(stream, pseudo, host);
    byte[] head = Octets.of(start + lines + "\r\n");
    return new Http2RequestText(head, method, chunked, end ? 0 : length);
  }

  private static boolean wantsLength(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }

  private static String start(
      int stream, Map<String, String> pseudo, @org.jspecify.annotations.Nullable String host)
      throws Http2Failure {
    String method = pseudo.getOrDefault(":method", "");
    String path = pseudo.getOrDefault(":path", "");
    String authority = pseudo.getOrDefault(":authority", host == null ? "" : host);
    need(token(method, false) && pseudo.containsKey(":scheme"), stream, "pseudo header");
    need(path.startsWith("/") || path.equals("*"), stream, "path");
    need(path.indexOf(' ') < 0 && path.indexOf('\t') < 0, stream, "path");
    need(authority.isEmpty() || !authority.contains(" "), stream, "authority");
    return method + " " + path + " HTTP/1.1\r\nhost: " + authority + "\r\n";
  }

  /// Lines for the trailers of a body in chunks.
  static byte[] trailers(int stream, List<Field> fields) throws Http2Failure {
    StringBuilder lines = new StringBuilder();
    for (Field field : fields) {
      need(token(field.name(), true) && clean(field.value()), stream, "trailer");
      need(!OF_CONNECTION.contains(field.name()), stream, "trailer");
      line(lines, field.name(), field.value());
    }
    return Octets.of(lines.toString());
  }

  private static void line(StringBuilder lines, String name, String value) {
    lines.append(name).append(": ").append(value).append("\r\n");
  }

  static boolean token(String text, boolean lower) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Octets.isToken((byte) c) || lower && c >= 'A' && c <= 'Z') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// Nothing that could end a line, or be taken off its ends.
  static boolean clean(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!Octets.isValue((byte) value.charAt(i))) {
        return false;
      }
    }
    return value.equals(value.strip());
  }

  static void need(boolean condition, int stream, String what) throws Http2Failure {
    if (!condition) {
      throw Http2Failure.ofStream(stream, Http2Error.PROTOCOL_ERROR, what);
    }
  }
}
