package dev.freeway.platform;

import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;

/// HTTP that a service answers itself, such as git's smart protocol.
public interface HttpRoute {
  boolean matches(WireRequest request);

  WireResponse handle(WireRequest request);

  /// Whether web pages of other origins may call it.
  default boolean openToPages() {
    return false;
  }
}
