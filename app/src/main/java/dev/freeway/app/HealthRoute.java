package dev.freeway.app;

import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.ServiceRegistry;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// `GET /_freeway/health`, and the same under the path that existing wrappers ask.
final class HealthRoute implements HttpRoute {
  private final ServiceRegistry registry;

  HealthRoute(ServiceRegistry registry) {
    this.registry = registry;
  }

  @Override
  public boolean matches(WireRequest request) {
    return request.rawPath().equals("/_freeway/health")
        || request.rawPath().equals("/_localstack/health");
  }

  @Override
  public WireResponse handle(WireRequest request) {
    String services =
        registry.all().stream()
            .map(e -> "\"" + e.service().info().name() + "\": \"running\"")
            .collect(Collectors.joining(", "));
    String body =
        "{\"services\": {" + services + "}, \"edition\": \"freeway\", \"version\": \"0.1.0\"}\n";
    return WireResponse.of(200, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }
}
