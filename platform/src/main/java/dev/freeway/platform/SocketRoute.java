package dev.freeway.platform;

import dev.freeway.wire.http.WireRequest;

/// WebSockets that a service answers itself, on the port of everything else.
public interface SocketRoute {
  /// @param request the one that asks for the upgrade
  boolean matches(WireRequest request);

  /// Called on a virtual thread of its own once the connection is open; it is closed when this
  /// returns.
  void serve(WireRequest request, WebSocket socket) throws InterruptedException;
}
