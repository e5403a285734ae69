package dev.freeway.platform.http;

import dev.freeway.platform.SocketRoute;
import dev.freeway.wire.http.WireRequest;
import java.time.Duration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.jspecify.annotations.Nullable;

/// Turns requests into WebSockets. What that takes is made when one is asked for first.
final class WebSockets {
  private @Nullable WebSocketMappings mappings;

  private synchronized WebSocketMappings mappings(Request request) {
    if (mappings == null) {
      var server = request.getConnectionMetaData().getConnector().getServer();
      mappings = new WebSocketMappings(WebSocketServerComponents.ensureWebSocketComponents(server));
    }
    return mappings;
  }

  /// False when the request is no proper handshake.
  boolean upgrade(
      SocketRoute route, WireRequest wire, Request request, Response response, Callback callback) {
    // Who serves it knows how long silence may last.
    var limits = new Configuration.ConfigurationCustomizer();
    limits.setIdleTimeout(Duration.ZERO);
    return mappings(request)
        .upgrade(
            (asked, answer, done) -> new SocketConnection(route, wire),
            request,
            response,
            callback,
            limits);
  }
}
