package dev.freeway.app;

import dev.freeway.containers.Capabilities;
import dev.freeway.containers.ContainerRuntime;
import dev.freeway.platform.HttpRoute;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// `GET /_freeway/containers`: which runtime containers have, why it cannot work here (`problems`,
/// each with what to do), and what is weaker than asked for (`notes`). Beside the health answer, as
/// it tries the machine out.
final class ContainersRoute implements HttpRoute {
  private final ContainerRuntime runtime;

  ContainersRoute(ContainerRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public boolean matches(WireRequest request) {
    return request.rawPath().equals("/_freeway/containers");
  }

  @Override
  public WireResponse handle(WireRequest request) {
    Capabilities can = runtime.probe();
    return WireResponse.of(
        200,
        "application/json",
        JsonMapper.shared()
            .writeValueAsBytes(
                Map.of(
                    "runtime", can.runtime(),
                    "problems", can.problems(),
                    "notes", can.notes())));
  }
}
