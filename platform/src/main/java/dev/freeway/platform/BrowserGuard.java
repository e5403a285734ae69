package dev.freeway.platform;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.WireRequest;
import java.net.URI;
import java.util.Locale;

/// Keeps web pages of elsewhere away. Freeway listens where a developer's browser can reach it, and
/// takes unknown keys at their word: a page somewhere on the internet could send it forms. Browsers
/// say where a request comes from (`Origin`); other clients do not send that and are not concerned.
/// Buckets have rules of their own for other origins (CORS).
final class BrowserGuard {
  private final boolean anyName;

  /// @param host the address listened on: who opens Freeway to a network knows its name there
  BrowserGuard(String host) {
    this.anyName = !isLoopback(host);
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  /// Whether a page that Freeway did not serve sent it.
  boolean foreign(WireRequest request) {
    String origin = request.headers().get("Origin");
    if (origin == null) {
      return false;
    }
    String host = request.headers().getOr("Host", "");
    return !origin.equalsIgnoreCase("http://" + host) || !(anyName || ours(host));
  }

  /// A name that somebody else may have made point to this machine is not ours, though page and
  /// host agree (DNS rebinding).
  private static boolean ours(String authority) {
    String host;
    try {
      host = URI.create("http://" + authority).getHost();
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.endsWith(".amazonaws.com")
        || name.startsWith("[")
        || name.matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
  }

  static AwsException refusal(WireRequest request) {
    return AwsException.of(
        "AccessDenied",
        403,
        "Freeway does not take this from a web page of "
            + request.headers().get("Origin")
            + ": only its own console and clients outside of browsers may call it.");
  }
}
