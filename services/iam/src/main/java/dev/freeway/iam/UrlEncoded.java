package dev.freeway.iam;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Policy documents are answered percent-encoded (RFC 3986).
final class UrlEncoded {
  private UrlEncoded() {}

  static String of(String document) {
    return URLEncoder.encode(document, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
