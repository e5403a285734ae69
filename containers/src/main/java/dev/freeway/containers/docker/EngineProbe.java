package dev.freeway.containers.docker;

import dev.freeway.containers.Capabilities;
import dev.freeway.containers.Capabilities.Limit;
import dev.freeway.containers.ContainerException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/// Asks an engine what it can do.
final class EngineProbe {
  private static final Map<Limit, String> FLAGS =
      Map.of(Limit.MEMORY, "MemoryLimit", Limit.CPU, "CpuCfsQuota", Limit.PIDS, "PidsLimit");

  private EngineProbe() {}

  static Capabilities run(Engine engine) {
    var problems = new ArrayList<String>();
    var notes = new ArrayList<String>();
    var limits = EnumSet.noneOf(Limit.class);
    try {
      var info = engine.get("/info");
      if (!info.path("OSType").asString("").equals("linux")) {
        problems.add("the engine runs no Linux containers");
      }
      FLAGS.forEach(
          (limit, flag) -> {
            if (info.path(flag).asBoolean(false)) {
              limits.add(limit);
            } else {
              notes.add("the limit " + limit + " is not enforced by the engine");
            }
          });
    } catch (ContainerException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    return new Capabilities("docker", problems.isEmpty(), limits, problems, List.copyOf(notes));
  }
}
