package dev.freeway.s3;

import dev.freeway.wire.http.WireRequest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts the bucket of a virtual-host style request into the path, where the model has it.
final class HostStyle {
  // bucket.s3.localhost, bucket.s3.us-east-1.localhost, bucket.s3.us-east-1.amazonaws.com,
  // bucket.s3-us-west-2.amazonaws.com, bucket.s3.us-east-1.localhost.localstack.cloud
  private static final Pattern SERVICE =
      Pattern.compile(
          "(.+?)\\.s3(?:-website)?(?:[.-][a-z0-9-]+)?\\.(?:amazonaws\\.com|localhost.*)");
  private static final Pattern LOCAL = Pattern.compile("(.+)\\.localhost");

  private HostStyle() {}

  static WireRequest normalise(WireRequest request) {
    String host = request.headers().getOr("Host", "").toLowerCase(Locale.ROOT);
    int port = host.lastIndexOf(':');
    String name = port < 0 ? host : host.substring(0, port);
    String bucket = bucket(name);
    return bucket == null ? request : request.withPath("/" + bucket + request.rawPath());
  }

  /// The bucket in a host name, or null for path style.
  static @org.jspecify.annotations.Nullable String bucket(String host) {
    if (host.equals("s3.localhost") || host.startsWith("s3.") && !host.contains(".s3")) {
      return null;
    }
    for (Pattern p : new Pattern[] {SERVICE, LOCAL}) {
      Matcher m = p.matcher(host);
      if (m.matches() && BucketName.isValid(m.group(1))) {
        return m.group(1);
      }
    }
    return null;
  }
}
