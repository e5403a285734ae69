package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Artifacts;
import dev.freeway.codebuild.Buildspec.Env;
import dev.freeway.codebuild.Buildspec.Invalid;
import dev.freeway.codebuild.Buildspec.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads a buildspec. Values keep the text they are written with (`0.10` stays `0.10`).
final class BuildspecReader {
  private static final Set<String> PHASES = Set.of("install", "pre_build", "build", "post_build");
  private static final Set<String> TOP =
      Set.of(
          "version", "run-as", "env", "proxy", "batch", "phases", "reports", "artifacts", "cache");

  private BuildspecReader() {}

  static Buildspec read(String yaml) throws Invalid {
    Object root;
    try {
      root =
          new Load(
                  LoadSettings.builder()
                      .setSchema(new org.snakeyaml.engine.v2.schema.FailsafeSchema())
                      .build())
              .loadFromString(yaml);
    } catch (YamlEngineException e) {
      throw new Invalid("YAML is not valid: " + e.getMessage());
    }
    Map<String, Object> top = map(root, "the buildspec");
    String version = text(top.get("version"), "version");
    if (version == null || !version.equals("0.2")) {
      throw new Invalid(
          version == null
              ? "Missing version"
              : "Unsupported version " + version + ": Freeway runs buildspec version 0.2");
    }
    for (String key : top.keySet()) {
      if (!TOP.contains(key)) {
        throw new Invalid("Unknown key in the buildspec: " + key);
      }
    }
    for (String later : List.of("batch", "proxy")) {
      if (top.containsKey(later)) {
        throw new Invalid("Freeway does not run '" + later + "' of a buildspec yet");
      }
    }
    Map<String, Object> phases = map(top.get("phases"), "phases");
    if (phases.isEmpty()) {
      throw new Invalid("No phases: a buildspec needs at least one phase with commands");
    }
    Map<String, Phase> read = new LinkedHashMap<>();
    for (Map.Entry<String, Object> e : phases.entrySet()) {
      if (!PHASES.contains(e.getKey())) {
        throw new Invalid("Unknown phase " + e.getKey());
      }
      read.put(e.getKey(), phase(e.getKey(), map(e.getValue(), "phase " + e.getKey())));
    }
    Map<String, Object> cache = map(top.get("cache"), "cache");
    return new Buildspec(
        env(map(top.get("env"), "env")),
        read,
        primary(top),
        secondary(top),
        strings(cache.get("paths"), "cache/paths"));
  }

  private static Phase phase(String name, Map<String, Object> m) throws Invalid {
    String onFailure = text(m.get("on-failure"), "on-failure");
    if (onFailure != null && !onFailure.equals("ABORT") && !onFailure.equals("CONTINUE")) {
      throw new Invalid(
          "on-failure of phase " + name + " must be ABORT or CONTINUE, not " + onFailure);
    }
    List<String> commands = strings(m.get("commands"), name + "/commands");
    return new Phase(
        commands,
        strings(m.get("finally"), name + "/finally"),
        onFailure,
        text(m.get("run-as"), "run-as"));
  }

  private static Env env(Map<String, Object> m) throws Invalid {
    return new Env(
        text(m.get("shell"), "env/shell"),
        texts(m.get("variables"), "env/variables"),
        texts(m.get("parameter-store"), "env/parameter-store"),
        texts(m.get("secrets-manager"), "env/secrets-manager"),
        strings(m.get("exported-variables"), "env/exported-variables"));
  }

  private static @Nullable Artifacts primary(Map<String, Object> top) throws Invalid {
    Map<String, Object> m = map(top.get("artifacts"), "artifacts");
    return m.containsKey("files") ? artifacts(m) : null;
  }

  private static Map<String, Artifacts> secondary(Map<String, Object> top) throws Invalid {
    Map<String, Artifacts> all = new LinkedHashMap<>();
    Map<String, Object> m =
        map(
            map(top.get("artifacts"), "artifacts").get("secondary-artifacts"),
            "secondary-artifacts");
    for (Map.Entry<String, Object> e : m.entrySet()) {
      all.put(e.getKey(), artifacts(map(e.getValue(), "secondary-artifacts/" + e.getKey())));
    }
    return all;
  }

  private static Artifacts artifacts(Map<String, Object> m) throws Invalid {
    List<String> files = strings(m.get("files"), "artifacts/files");
    boolean discard = "yes".equals(m.get("discard-paths")) || "true".equals(m.get("discard-paths"));
    return new Artifacts(
        files,
        strings(m.get("exclude-paths"), "exclude-paths"),
        text(m.get("base-directory"), "base-directory"),
        discard,
        text(m.get("name"), "name"));
  }

  private static Map<String, Object> map(@Nullable Object value, String where) throws Invalid {
    if (value == null || "".equals(value)) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new Invalid("Expected a mapping for " + where);
    }
    Map<String, Object> typed = new LinkedHashMap<>();
    map.forEach((k, v) -> typed.put(String.valueOf(k), v));
    return typed;
  }

  private static Map<String, String> texts(@Nullable Object value, String where) throws Invalid {
    Map<String, String> all = new LinkedHashMap<>();
    for (Map.Entry<String, Object> e : map(value, where).entrySet()) {
      String text = text(e.getValue(), where + "/" + e.getKey());
      all.put(e.getKey(), text == null ? "" : text);
    }
    return all;
  }

  private static @Nullable String text(@Nullable Object value, String where) throws Invalid {
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new Invalid("Expected a scalar for " + where);
  }

  private static List<String> strings(@Nullable Object value, String where) throws Invalid {
    if (value == null || "".equals(value)) {
      return List.of();
    }
    if (value instanceof String one) {
      return List.of(one);
    }
    if (!(value instanceof List<?> list)) {
      throw new Invalid("Expected a list for " + where);
    }
    List<String> all = new ArrayList<>();
    for (Object o : list) {
      String text = text(o, where);
      if (text == null || text.isBlank()) {
        throw new Invalid("Expected a scalar in " + where);
      }
      all.add(text);
    }
    return all;
  }
}
