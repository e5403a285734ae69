package dev.freeway.wire.sign;

import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who signed a request, and for what: the parts of a SigV4 `Authorization` header or presigned
/// URL.
///
/// @param signedHeaders lower-case names, in order
/// @param presigned whether it stands in the URL
/// @param expires seconds a presigned URL lives; 0 when signed by header
public record Credential(
    String accessKey,
    String date,
    String region,
    String service,
    List<String> signedHeaders,
    String signature,
    @Nullable String sessionToken,
    @Nullable String timestamp,
    boolean presigned,
    long expires) {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";

  /// The credential of a request; null when it is not signed. Throws IllegalArgumentException with
  /// AWS's words when it is signed wrongly in form.
  public static @Nullable Credential of(WireRequest request) {
    String header = request.headers().get("Authorization");
    if (header != null && header.startsWith(ALGORITHM)) {
      return ofHeader(header, request);
    }
    if (request.rawQuery().contains("X-Amz-Credential=")) {
      return ofQuery(request);
    }
    return null;
  }

  private static Credential ofHeader(String header, WireRequest request) {
    String credential = null;
    String signed = null;
    String signature = null;
    for (String part : header.substring(ALGORITHM.length()).split(",")) {
      String p = part.trim();
      int eq = p.indexOf('=');
      String value = eq < 0 ? "" : p.substring(eq + 1);
      switch (eq < 0 ? p : p.substring(0, eq)) {
        case "Credential" -> credential = value;
        case "SignedHeaders" -> signed = value;
        case "Signature" -> signature = value;
        default -> {}
      }
    }
    if (credential == null || signed == null || signature == null) {
      String missing =
          credential == null ? "Credential" : signed == null ? "SignedHeaders" : "Signature";
      throw new IllegalArgumentException(
          "Authorization header requires '" + missing + "' parameter. Authorization=" + ALGORITHM);
    }
    String date = request.headers().get("X-Amz-Date");
    return parse(
        credential,
        signed,
        signature,
        request.headers().get("X-Amz-Security-Token"),
        date,
        false,
        0);
  }

  private static Credential ofQuery(WireRequest request) {
    String credential = "";
    String signed = "";
    String signature = "";
    String token = null;
    String date = null;
    long expires = 0;
    for (QueryString.Pair p : request.query()) {
      switch (p.key()) {
        case "X-Amz-Credential" -> credential = p.value();
        case "X-Amz-SignedHeaders" -> signed = p.value();
        case "X-Amz-Signature" -> signature = p.value();
        case "X-Amz-Security-Token" -> token = p.value();
        case "X-Amz-Date" -> date = p.value();
        case "X-Amz-Expires" -> expires = seconds(p.value());
        default -> {}
      }
    }
    return parse(credential, signed, signature, token, date, true, expires);
  }

  private static long seconds(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("X-Amz-Expires should be a number");
    }
  }

  private static Credential parse(
      String scope,
      String signed,
      String signature,
      @Nullable String token,
      @Nullable String at,
      boolean presigned,
      long expires) {
    String[] parts = scope.split("/");
    if (parts.length < 5) {
      throw new IllegalArgumentException(
          "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '"
              + scope
              + "'");
    }
    int n = parts.length;
    String key = String.join("/", List.of(parts).subList(0, n - 4));
    return new Credential(
        key,
        parts[n - 4],
        parts[n - 3],
        parts[n - 2],
        List.of(signed.split(";")),
        signature,
        token,
        at,
        presigned,
        expires);
  }

  public String scope() {
    return date + "/" + region + "/" + service + "/aws4_request";
  }
}
