package dev.freeway.wire.sign;

import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// A presigned URL of S3 in signature version 2, which older SDKs still make where a region allows
/// it. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
///
/// @param expires seconds since 1970
/// @param token of temporary credentials
public record SigV2Url(String accessKey, String signature, long expires, @Nullable String token) {
  private static final Set<String> RESOURCES =
      Set.of(
          "acl",
          "cors",
          "delete",
          "lifecycle",
          "location",
          "logging",
          "notification",
          "partNumber",
          "policy",
          "requestPayment",
          "restore",
          "tagging",
          "torrent",
          "uploadId",
          "uploads",
          "versionId",
          "versioning",
          "versions",
          "website");

  /// Null where the request is no such URL. Throws IllegalArgumentException where it is one in
  /// part.
  public static @Nullable SigV2Url of(WireRequest request) {
    if (!request.rawQuery().contains("AWSAccessKeyId=")) {
      return null;
    }
    String key = null;
    String signature = null;
    String expires = null;
    String token = null;
    for (QueryString.Pair p : request.query()) {
      switch (p.key()) {
        case "AWSAccessKeyId" -> key = p.value();
        case "Signature" -> signature = p.value();
        case "Expires" -> expires = p.value();
        case "x-amz-security-token" -> token = p.value();
        default -> {}
      }
    }
    if (key == null || signature == null || expires == null || !expires.matches("\\d{1,12}")) {
      throw new IllegalArgumentException(
          "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
    }
    return new SigV2Url(key, signature, Long.parseLong(expires), token);
  }

  /// @param request with the bucket in its path
  public boolean isSignedWith(String secret, WireRequest request) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      byte[] text = text(request).getBytes(StandardCharsets.UTF_8);
      return SigV4.same(Base64.getEncoder().encodeToString(mac.doFinal(text)), signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String text(WireRequest request) {
    TreeMap<String, String> amz = new TreeMap<>();
    String md5 = request.headers().getOr("Content-MD5", "");
    String type = request.headers().getOr("Content-Type", "");
    List<String> resources = new ArrayList<>();
    request
        .headers()
        .forEach(
            (name, value) -> {
              String n = name.toLowerCase(Locale.ROOT);
              if (n.startsWith("x-amz-")) {
                amz.merge(n, value.strip(), (a, b) -> a + "," + b);
              }
            });
    for (QueryString.Pair p : request.query()) {
      String name = p.key();
      if (name.startsWith("x-amz-")) {
        amz.put(name, p.value());
      } else if (name.equals("content-md5")) {
        md5 = p.value();
      } else if (name.equals("content-type")) {
        type = p.value();
      } else if (RESOURCES.contains(name) || name.startsWith("response-")) {
        resources.add(p.value().isEmpty() ? name : name + "=" + p.value());
      }
    }
    StringBuilder text = new StringBuilder();
    text.append(request.method()).append('\n').append(md5).append('\n').append(type).append('\n');
    text.append(expires).append('\n');
    amz.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    text.append(request.rawPath());
    resources.sort(null);
    if (!resources.isEmpty()) {
      text.append('?').append(String.join("&", resources));
    }
    return text.toString();
  }
}
