package dev.freeway.platform;

import dev.freeway.wire.http.Headers;
import org.jspecify.annotations.Nullable;

/// Where a request came from, as policies may ask.
///
/// @param address of the other end of the connection: of a proxy, if there is one
public record Peer(String address, @Nullable String userAgent, @Nullable String referer) {
  /// The header in which the HTTP server hands on the address; a client's own is dropped.
  public static final String HEADER = "X-Freeway-Peer";

  public static Peer of(Headers headers) {
    return new Peer(
        headers.getOr(HEADER, "127.0.0.1"), headers.get("User-Agent"), headers.get("Referer"));
  }
}
