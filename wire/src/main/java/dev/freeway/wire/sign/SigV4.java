package dev.freeway.wire.sign;

import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// AWS Signature Version 4, to check signatures and to make them (presigned URLs, chunk
/// signatures).
public final class SigV4 {
  public static final String ALGORITHM = "AWS4-HMAC-SHA256";
  public static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final HexFormat HEX = HexFormat.of();

  private SigV4() {}

  /// The signature this request must have if it was signed with this secret.
  ///
  /// @param payloadHash what stands for the body: its SHA-256 in hex, or one of AWS's words for no
  ///   hash
  public static String signature(
      Credential c, WireRequest request, String payloadHash, String secret) {
    String canonical = canonicalRequest(c, request, payloadHash);
    return sign(c, stringToSign(c, canonical), secret);
  }

  public static String stringToSign(Credential c, String canonicalRequest) {
    return ALGORITHM
        + "\n"
        + c.timestamp()
        + "\n"
        + c.scope()
        + "\n"
        + sha256Hex(canonicalRequest.getBytes(StandardCharsets.UTF_8));
  }

  public static String sign(Credential c, String stringToSign, String secret) {
    return HEX.formatHex(hmac(key(secret, c.date(), c.region(), c.service()), stringToSign));
  }

  public static byte[] key(String secret, String date, String region, String service) {
    byte[] k = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), date);
    return hmac(hmac(hmac(k, region), service), "aws4_request");
  }

  static String canonicalRequest(Credential c, WireRequest request, String payloadHash) {
    StringBuilder s = new StringBuilder();
    s.append(request.method()).append('\n');
    s.append(canonicalPath(c, request.rawPath())).append('\n');
    s.append(canonicalQuery(c, request)).append('\n');
    for (String name : c.signedHeaders()) {
      List<String> values = request.headers().all(name).stream().map(SigV4::collapse).toList();
      s.append(name).append(':').append(String.join(",", values)).append('\n');
    }
    s.append('\n').append(String.join(";", c.signedHeaders())).append('\n').append(payloadHash);
    return s.toString();
  }

  // Every service but S3 encodes the path twice.
  private static String canonicalPath(Credential c, String rawPath) {
    String path = rawPath.isEmpty() ? "/" : rawPath;
    if (c.service().equals("s3")) {
      return QueryString.encode(QueryString.decode(path, false), true);
    }
    return QueryString.encode(path, true);
  }

  private static String canonicalQuery(Credential c, WireRequest request) {
    List<QueryString.Pair> pairs = new ArrayList<>();
    for (QueryString.Pair p : request.query()) {
      if (!(c.presigned() && p.key().equals("X-Amz-Signature"))) {
        pairs.add(
            new QueryString.Pair(
                QueryString.encode(p.key(), false), QueryString.encode(p.value(), false)));
      }
    }
    pairs.sort(Comparator.comparing(QueryString.Pair::key).thenComparing(QueryString.Pair::value));
    StringBuilder s = new StringBuilder();
    for (QueryString.Pair p : pairs) {
      s.append(s.isEmpty() ? "" : "&").append(p.key()).append('=').append(p.value());
    }
    return s.toString();
  }

  private static String collapse(String value) {
    return value.trim().replaceAll(" +", " ");
  }

  public static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String sha256Hex(byte[] bytes) {
    try {
      return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Compares without telling by its time where the two differ.
  public static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
