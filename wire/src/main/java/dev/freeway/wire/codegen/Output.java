package dev.freeway.wire.codegen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// Files the generator makes. Unchanged files are left alone, so that the compiler sees nothing
/// new.
final class Output {
  private final Path sources;
  private final Path classes;
  private final Set<Path> written = new HashSet<>();

  Output(Path sources, Path classes) {
    this.sources = sources;
    this.classes = classes;
  }

  void source(String pkg, String className, String text) throws IOException {
    Path file = sources.resolve(pkg.replace('.', '/')).resolve(className + ".java");
    write(file, text.getBytes(StandardCharsets.UTF_8));
    written.add(file);
  }

  void resource(String pkg, String name, byte[] content) throws IOException {
    write(classes.resolve(pkg.replace('.', '/')).resolve(name), content);
  }

  void removeStale() throws IOException {
    if (!Files.isDirectory(sources)) {
      return;
    }
    try (var all = Files.walk(sources)) {
      for (Path p :
          all.filter(f -> f.toString().endsWith(".java") && !written.contains(f)).toList()) {
        Files.delete(p);
      }
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
