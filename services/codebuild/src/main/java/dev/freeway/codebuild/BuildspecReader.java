package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Artifacts;
import dev.freeway.codebuild.Buildspec.Cache;
import dev.freeway.codebuild.Buildspec.Env;
import dev.freeway.codebuild.Buildspec.Invalid;
import dev.freeway.codebuild.Buildspec.Phase;
import dev.freeway.codebuild.Buildspec.Reports;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a buildspec.
final class BuildspecReader {
  private static final Set<String> PHASES = Set.of("install", "pre_build", "build", "post_build");
  private static final Set<String> TOP =
      Set.of(
          "version", "run-as", "env", "proxy", "batch", "phases", "reports", "artifacts", "cache");
  // A buildspec for Windows is refused where it is read, not by a shell that is not there.
  private static final Set<String> SHELLS = Set.of("bash", "sh", "/bin/bash", "/bin/sh");

  private BuildspecReader() {}

  static Buildspec read(String yaml) throws Invalid {
    Map<String, Object> top = Yaml.load(yaml);
    version(Yaml.text(top.get("version"), "version"));
    for (String key : top.keySet()) {
      if (!TOP.contains(key)) {
        throw new Invalid("Unknown key in the buildspec: " + key);
      }
    }
    Map<String, Phase> phases = phases(top);
    BatchSpec batch =
        top.containsKey("batch") ? BatchSpecReader.read(Yaml.map(top.get("batch"), "batch")) : null;
    if (phases.isEmpty() && batch == null) {
      throw new Invalid("No phases: a buildspec needs at least one phase with commands");
    }
    Map<String, Object> artifacts = Yaml.map(top.get("artifacts"), "artifacts");
    return new Buildspec(
        Yaml.text(top.get("run-as"), "run-as"),
        env(Yaml.map(top.get("env"), "env")),
        phases,
        reports(Yaml.map(top.get("reports"), "reports")),
        artifacts.containsKey("files") ? artifacts(artifacts) : null,
        secondary(artifacts),
        cache(Yaml.map(top.get("cache"), "cache")),
        batch);
  }

  private static void version(@Nullable String version) throws Invalid {
    if (version == null) {
      throw new Invalid("Missing version");
    }
    if (!version.equals("0.2")) {
      throw new Invalid("Unsupported version " + version + ": Freeway runs buildspec version 0.2");
    }
  }

  private static Map<String, Phase> phases(Map<String, Object> top) throws Invalid {
    Map<String, Phase> read = new LinkedHashMap<>();
    for (Map.Entry<String, Object> e : Yaml.map(top.get("phases"), "phases").entrySet()) {
      if (!PHASES.contains(e.getKey())) {
        throw new Invalid("Unknown phase " + e.getKey());
      }
      read.put(e.getKey(), phase(e.getKey(), Yaml.map(e.getValue(), "phase " + e.getKey())));
    }
    return read;
  }

  private static Phase phase(String name, Map<String, Object> m) throws Invalid {
    String onFailure = Yaml.text(m.get("on-failure"), "on-failure");
    List<String> commands = Yaml.strings(m.get("commands"), name + "/commands");
    if (commands.isEmpty() && !m.containsKey("runtime-versions") && !m.containsKey("finally")) {
      // Also what `command:` comes to.
      throw new Invalid("No commands found for phase name: " + name);
    }
    return new Phase(
        commands,
        Yaml.strings(m.get("finally"), name + "/finally"),
        onFailure == null ? null : OnFailure.parse(onFailure, name),
        Yaml.text(m.get("run-as"), "run-as"),
        Yaml.texts(m.get("runtime-versions"), name + "/runtime-versions"));
  }

  private static Env env(Map<String, Object> m) throws Invalid {
    String shell = Yaml.text(m.get("shell"), "env/shell");
    if (shell != null && !SHELLS.contains(shell)) {
      throw new Invalid("env/shell must be bash or /bin/sh on Linux, not " + shell);
    }
    return new Env(
        shell,
        Yaml.texts(m.get("variables"), "env/variables"),
        Yaml.texts(m.get("parameter-store"), "env/parameter-store"),
        Yaml.texts(m.get("secrets-manager"), "env/secrets-manager"),
        Yaml.strings(m.get("exported-variables"), "env/exported-variables"),
        Yaml.yes(m.get("git-credential-helper"), "env/git-credential-helper"));
  }

  private static Map<String, Reports> reports(Map<String, Object> m) throws Invalid {
    Map<String, Reports> all = new LinkedHashMap<>();
    for (Map.Entry<String, Object> e : m.entrySet()) {
      String where = "reports/" + e.getKey();
      Map<String, Object> one = Yaml.map(e.getValue(), where);
      String format = Yaml.text(one.get("file-format"), where + "/file-format");
      Reports reports =
          new Reports(
              Yaml.strings(one.get("files"), where + "/files"),
              Yaml.text(one.get("base-directory"), where + "/base-directory"),
              Yaml.yes(one.get("discard-paths"), where + "/discard-paths"),
              format == null ? "JUNITXML" : format);
      if (reports.files().isEmpty()) {
        throw new Invalid(where + " has no files");
      }
      if (ReportFormat.named(reports.format()).isEmpty()) {
        throw new Invalid(where + "/file-format is not one that CodeBuild knows: " + format);
      }
      all.put(e.getKey(), reports);
    }
    return all;
  }

  private static Map<String, Artifacts> secondary(Map<String, Object> artifacts) throws Invalid {
    Map<String, Artifacts> all = new LinkedHashMap<>();
    Map<String, Object> m = Yaml.map(artifacts.get("secondary-artifacts"), "secondary-artifacts");
    for (Map.Entry<String, Object> e : m.entrySet()) {
      all.put(e.getKey(), artifacts(Yaml.map(e.getValue(), "secondary-artifacts/" + e.getKey())));
    }
    return all;
  }

  private static Artifacts artifacts(Map<String, Object> m) throws Invalid {
    return new Artifacts(
        Yaml.strings(m.get("files"), "artifacts/files"),
        Yaml.strings(m.get("exclude-paths"), "exclude-paths"),
        Yaml.text(m.get("base-directory"), "base-directory"),
        Yaml.yes(m.get("discard-paths"), "discard-paths"),
        Yaml.text(m.get("name"), "name"),
        Yaml.yes(m.get("enable-symlinks"), "enable-symlinks"),
        Yaml.text(m.get("s3-prefix"), "s3-prefix"));
  }

  private static Cache cache(Map<String, Object> m) throws Invalid {
    String action = Yaml.text(m.get("action"), "cache/action");
    if (action != null && !action.equals("restore") && !action.equals("save")) {
      throw new Invalid("cache/action must be restore or save, not " + action);
    }
    return new Cache(
        Yaml.text(m.get("key"), "cache/key"),
        List.copyOf(Yaml.strings(m.get("fallback-keys"), "cache/fallback-keys")),
        !"save".equals(action),
        !"restore".equals(action),
        Yaml.strings(m.get("paths"), "cache/paths"));
  }
}
