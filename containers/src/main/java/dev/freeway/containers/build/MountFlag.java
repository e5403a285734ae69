package dev.freeway.containers.build;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `--mount=type=…` of a RUN instruction. https://docs.docker.com/reference/dockerfile/#run---mount
///
/// @param type bind, cache, tmpfs or secret
/// @param target where it is in the build; may be relative to the working directory
/// @param options as written, except type and target
record MountFlag(String type, @Nullable String target, Map<String, String> options) {
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "bind", Set.of("source", "from", "readwrite"),
          "cache", Set.of("id", "sharing", "mode", "uid", "gid", "readonly"),
          "tmpfs", Set.of("size"),
          "secret", Set.of("id", "required", "mode", "uid", "gid", "env"));
  private static final Map<String, String> ALIASES =
      Map.of(
          "src",
          "source",
          "dst",
          "target",
          "destination",
          "target",
          "rw",
          "readwrite",
          "ro",
          "readonly");

  /// @param text with variables expanded
  static MountFlag parse(Instruction instruction, String text) throws BuildFailure {
    Map<String, String> all = new LinkedHashMap<>();
    for (var part : text.split(",")) {
      int equals = part.indexOf('=');
      var name = equals < 0 ? part : part.substring(0, equals);
      all.put(ALIASES.getOrDefault(name, name), equals < 0 ? "true" : part.substring(equals + 1));
    }
    var given = all.remove("type");
    var type = given == null ? "bind" : given;
    var target = all.remove("target");
    var known = KNOWN.get(type);
    if (known == null) {
      throw instruction.failure("--mount=type=" + type + " is not supported");
    }
    if (type.equals("bind") && "true".equals(all.get("readonly"))) {
      all.remove("readonly");
    }
    for (var name : all.keySet()) {
      if (!known.contains(name)) {
        throw instruction.failure(
            "--mount=type=" + type + " has no option " + name + " that is supported");
      }
    }
    if (target == null && !type.equals("secret")) {
      throw instruction.failure("--mount=type=" + type + " needs a target");
    }
    return new MountFlag(type, target, all);
  }

  @Nullable String option(String name) {
    return options.get(name);
  }

  boolean is(String name) {
    return "true".equals(options.get(name));
  }
}
