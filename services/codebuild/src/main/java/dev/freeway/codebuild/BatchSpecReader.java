package dev.freeway.codebuild;

import dev.freeway.codebuild.BatchSpec.Env;
import dev.freeway.codebuild.BatchSpec.Member;
import dev.freeway.codebuild.Buildspec.Invalid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `batch`: a graph, a list, a matrix or a fan-out becomes a list of members.
final class BatchSpecReader {
  private static final List<String> KINDS =
      List.of("build-graph", "build-list", "build-matrix", "build-fanout");
  private static final int MOST_PARALLEL = 100;

  private BatchSpecReader() {}

  static BatchSpec read(Map<String, Object> m) throws Invalid {
    List<String> kinds = KINDS.stream().filter(m::containsKey).toList();
    if (kinds.size() != 1) {
      throw new Invalid("batch must have exactly one of " + String.join(", ", KINDS));
    }
    String kind = kinds.getFirst();
    String where = "batch/" + kind;
    List<Member> members =
        switch (kind) {
          case "build-graph", "build-list" -> list(Yaml.maps(m.get(kind), where), where);
          case "build-matrix" -> matrix(Yaml.map(m.get(kind), where), where);
          default -> fanout(Yaml.map(m.get(kind), where), where);
        };
    if (members.isEmpty()) {
      throw new Invalid(where + " has no builds");
    }
    check(members, where);
    return new BatchSpec(Yaml.yes(m.get("fast-fail"), "batch/fast-fail"), members);
  }

  private static List<Member> list(List<Map<String, Object>> all, String where) throws Invalid {
    List<Member> members = new ArrayList<>();
    for (Map<String, Object> one : all) {
      String identifier = Yaml.text(one.get("identifier"), where + "/identifier");
      if (identifier == null || !identifier.matches("[A-Za-z0-9_]{1,128}")) {
        throw new Invalid(
            where
                + ": every build needs an identifier of letters, digits and _, not "
                + identifier);
      }
      members.add(
          new Member(
              identifier,
              Yaml.strings(one.get("depend-on"), where + "/depend-on"),
              Yaml.yes(one.get("ignore-failure"), where + "/ignore-failure"),
              Yaml.text(one.get("buildspec"), where + "/buildspec"),
              env(Yaml.map(one.get("env"), where + "/env"), where)));
    }
    return members;
  }

  private static Env env(Map<String, Object> m, String where) throws Invalid {
    return new Env(
        Yaml.text(m.get("compute-type"), where + "/env/compute-type"),
        Yaml.text(m.get("image"), where + "/env/image"),
        m.containsKey("privileged-mode")
            ? Yaml.yes(m.get("privileged-mode"), where + "/env/privileged-mode")
            : null,
        Yaml.text(m.get("type"), where + "/env/type"),
        Yaml.text(m.get("fleet"), where + "/env/fleet"),
        Yaml.texts(m.get("variables"), where + "/env/variables"));
  }

  // Every combination of the values given, the last key turning fastest.
  private static List<Member> matrix(Map<String, Object> m, String where) throws Invalid {
    Map<String, Object> fixed = Yaml.map(m.get("static"), where + "/static");
    Env base = env(Yaml.map(fixed.get("env"), where + "/static/env"), where);
    boolean ignore = Yaml.yes(fixed.get("ignore-failure"), where + "/static/ignore-failure");
    Map<String, Object> dynamic = Yaml.map(m.get("dynamic"), where + "/dynamic");
    Map<String, Object> env = Yaml.map(dynamic.get("env"), where + "/dynamic/env");
    Map<String, List<String>> axes = new LinkedHashMap<>();
    axis(axes, "buildspec", dynamic.get("buildspec"), where);
    axis(axes, "compute-type", env.get("compute-type"), where);
    axis(axes, "image", env.get("image"), where);
    for (Map.Entry<String, Object> e : Yaml.map(env.get("variables"), where).entrySet()) {
      axis(axes, "variables." + e.getKey(), e.getValue(), where);
    }
    List<Map<String, String>> chosen = new ArrayList<>(List.of(Map.of()));
    for (Map.Entry<String, List<String>> axis : axes.entrySet()) {
      List<Map<String, String>> wider = new ArrayList<>();
      for (Map<String, String> before : chosen) {
        for (String value : axis.getValue()) {
          Map<String, String> with = new LinkedHashMap<>(before);
          with.put(axis.getKey(), value);
          wider.add(with);
        }
      }
      chosen = wider;
    }
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      members.add(combination("build" + i, chosen.get(i), base, ignore));
    }
    return members;
  }

  private static void axis(
      Map<String, List<String>> axes, String name, @Nullable Object values, String where)
      throws Invalid {
    List<String> all = Yaml.strings(values, where + "/dynamic/" + name);
    if (!all.isEmpty()) {
      axes.put(name, all);
    }
  }

  private static Member combination(
      String identifier, Map<String, String> chosen, Env base, boolean ignore) {
    Map<String, String> variables = new LinkedHashMap<>(base.variables());
    chosen.forEach(
        (k, v) -> {
          if (k.startsWith("variables.")) {
            variables.put(k.substring("variables.".length()), v);
          }
        });
    Env env =
        new Env(
            chosen.getOrDefault("compute-type", base.computeType()),
            chosen.getOrDefault("image", base.image()),
            base.privileged(),
            base.type(),
            base.fleet(),
            variables);
    return new Member(identifier, List.of(), ignore, chosen.get("buildspec"), env);
  }

  private static List<Member> fanout(Map<String, Object> m, String where) throws Invalid {
    String text = Yaml.text(m.get("parallelism"), where + "/parallelism");
    if (text == null || !text.matches("[0-9]{1,3}") || Integer.parseInt(text) > MOST_PARALLEL) {
      throw new Invalid(where + "/parallelism must be a number up to " + MOST_PARALLEL);
    }
    boolean ignore = Yaml.yes(m.get("ignore-failure"), where + "/ignore-failure");
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(text); i++) {
      Env env = new Env(null, null, null, null, null, Map.of());
      members.add(new Member("build" + i, List.of(), ignore, null, env));
    }
    return members;
  }

  private static void check(List<Member> members, String where) throws Invalid {
    Set<String> known = new HashSet<>();
    for (Member m : members) {
      if (!known.add(m.identifier())) {
        throw new Invalid(where + ": two builds have the identifier " + m.identifier());
      }
    }
    for (Member m : members) {
      for (String d : m.dependsOn()) {
        if (!known.contains(d)) {
          throw new Invalid(where + ": " + m.identifier() + " depends on unknown " + d);
        }
      }
    }
    Set<String> placed = new HashSet<>();
    while (placed.size() < members.size()) {
      int before = placed.size();
      members.stream()
          .filter(m -> placed.containsAll(m.dependsOn()))
          .forEach(m -> placed.add(m.identifier()));
      if (placed.size() == before) {
        throw new Invalid(where + ": builds depend on each other in a circle");
      }
    }
  }
}
