package dev.freeway.lambda;

import dev.freeway.lambda.Runtimes.Language;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The interpreters of this machine, which stand in for those of Lambda's managed runtimes. Each is
/// looked for when the first function needs it.
final class HostLanguages {
  private static final String PYTHON =
      "import sys;print(sys.executable);print(sys.base_prefix);print(sys.prefix);print('%d.%d.%d'%sys.version_info[:3])";
  private static final String NODE =
      "const p=require('path'),d=p.dirname(p.dirname(process.execPath));console.log([process.execPath,d,p.join(d,'lib/node_modules'),process.versions.node].join('\\n'))";

  private final Map<String, Optional<Found>> found = new ConcurrentHashMap<>();

  /// @param folders of the machine that it needs
  /// @param version such as `3.11.7`
  /// @param modules where modules for everybody are installed
  record Found(Path program, List<Path> folders, String version, Path modules) {}

  /// The interpreter of this name, or the machine's usual one of the language.
  Optional<Found> find(String runtime) {
    return switch (Runtimes.language(runtime)) {
      case PYTHON -> first(Language.PYTHON, List.of(runtime, "python3"));
      case NODE -> first(Language.NODE, List.of("node", "nodejs"));
      case JAVA -> Optional.of(java());
      case OWN, RUBY, DOTNET -> Optional.empty();
    };
  }

  private static Found java() {
    Path home = Path.of(System.getProperty("java.home"));
    return new Found(
        home.resolve("bin/java"), List.of(home), System.getProperty("java.version"), home);
  }

  private Optional<Found> first(Language language, List<String> names) {
    for (String name : names) {
      Optional<Found> one = found.computeIfAbsent(name, n -> look(language, n));
      if (one.isPresent()) {
        return one;
      }
    }
    return Optional.empty();
  }

  private static Optional<Found> look(Language language, String name) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String folder : path.split(":")) {
      Path program = Path.of(folder).resolve(name);
      if (Files.isExecutable(program) && !Files.isDirectory(program)) {
        Optional<Found> it = ask(program, language == Language.PYTHON ? PYTHON : NODE, language);
        if (it.isPresent()) {
          return it;
        }
      }
    }
    return Optional.empty();
  }

  /// What is on the path may be a script that chooses one: the interpreter itself says where it is.
  private static Optional<Found> ask(Path program, String script, Language language) {
    try {
      Process p =
          new ProcessBuilder(program.toString(), language == Language.PYTHON ? "-c" : "-e", script)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      p.getOutputStream().close();
      String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!p.waitFor(20, TimeUnit.SECONDS)) {
        p.destroyForcibly();
        return Optional.empty();
      }
      List<String> lines = said.lines().toList();
      if (p.exitValue() != 0 || lines.size() < 4) {
        return Optional.empty();
      }
      List<Path> folders = new ArrayList<>();
      Path real = Path.of(lines.get(0)).toRealPath();
      for (String folder :
          language == Language.PYTHON ? lines.subList(1, 3) : lines.subList(1, 2)) {
        folders.add(Path.of(folder).toRealPath());
      }
      return Optional.of(
          new Found(
              Path.of(lines.get(0)), reduced(folders, real), lines.get(3), Path.of(lines.get(2))));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  // What lies in /usr is shown anyway, and a folder shown is shown with what is in it.
  private static List<Path> reduced(List<Path> folders, Path program) {
    List<Path> all = new ArrayList<>(folders);
    if (folders.stream().noneMatch(program::startsWith)) {
      all.add(program.getParent());
    }
    return all.stream()
        .filter(f -> !f.startsWith("/usr") && !f.equals(Path.of("/")))
        .distinct()
        .filter(f -> all.stream().noneMatch(g -> !g.equals(f) && f.startsWith(g)))
        .toList();
  }
}
