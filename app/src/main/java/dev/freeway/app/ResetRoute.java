package dev.freeway.app;

import dev.freeway.platform.HttpRoute;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;

/// `POST /_freeway/reset`: forget everything.
final class ResetRoute implements HttpRoute {
  private final Runnable reset;

  ResetRoute(Runnable reset) {
    this.reset = reset;
  }

  @Override
  public boolean matches(WireRequest request) {
    return request.rawPath().equals("/_freeway/reset");
  }

  @Override
  public WireResponse handle(WireRequest request) {
    if (!request.method().equals("POST")) {
      return text(405, "reset needs POST\n");
    }
    reset.run();
    return text(200, "everything is forgotten\n");
  }

  private static WireResponse text(int status, String text) {
    return WireResponse.of(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
  }
}
