package dev.freeway.codebuild;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;

/// The folders of one build on the machine. They outlive Freeway, not the build.
record Workspace(Path root) {
  static final String SOURCE_INSIDE = "/codebuild/output/src";
  static final String CONTROL_INSIDE = "/run/codebuild";

  static Workspace of(BuildMachine machine, StoredBuild b) {
    return new Workspace(machine.directory().resolve(b.uuid()));
  }

  /// The sources, mounted at `/codebuild/output/src`.
  Path output() {
    return root.resolve("output");
  }

  Path source() {
    return output().resolve("src");
  }

  Path secondary(String identifier) {
    return output().resolve("secondary").resolve(identifier);
  }

  /// The script, its commands and what it notes.
  Path control() {
    return root.resolve("control");
  }

  Path docker() {
    return root.resolve("docker");
  }

  /// Values that the log must not show; not in the container.
  Path secrets() {
    return root.resolve("secrets");
  }

  Path buildspec() {
    return root.resolve("buildspec.yml");
  }

  void clear() throws IOException {
    delete(root);
    Files.createDirectories(source());
    Files.createDirectories(control());
  }

  void delete() throws IOException {
    delete(root);
  }

  static void delete(Path dir) throws IOException {
    if (!Files.exists(dir, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var all = Files.walk(dir)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }
}
