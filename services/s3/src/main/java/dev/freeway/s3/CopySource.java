package dev.freeway.s3;

import dev.freeway.platform.Arn;
import dev.freeway.wire.http.QueryString;
import org.jspecify.annotations.Nullable;

/// `x-amz-copy-source`: `bucket/key`, maybe with a slash before and `?versionId=…` behind,
/// percent-encoded.
record CopySource(String bucket, String key, @Nullable String versionId) {
  static CopySource parse(String header) {
    String version = null;
    String path = header;
    int at = header.lastIndexOf("?versionId=");
    if (at >= 0) {
      version = header.substring(at + "?versionId=".length());
      path = header.substring(0, at);
    }
    String plain = QueryString.decode(path, false);
    if (Arn.parse(plain).filter(a -> a.service().equals("s3")).isPresent()) {
      throw S3Error.invalidRequest("Freeway has no access points to copy from");
    }
    String name = plain.startsWith("/") ? plain.substring(1) : plain;
    int slash = name.indexOf('/');
    if (slash <= 0 || slash == name.length() - 1) {
      throw S3Error.invalidArgument(
          "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
          "x-amz-copy-source",
          header);
    }
    return new CopySource(name.substring(0, slash), name.substring(slash + 1), version);
  }
}
