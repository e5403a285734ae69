package dev.freeway.containers.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A `.dockerignore`: the last pattern that matches a path, or a directory above it, decides.
record IgnoreFile(List<Rule> rules) {
  record Rule(Glob glob, boolean include) {}

  static IgnoreFile read(Path file) throws IOException {
    var rules = new ArrayList<Rule>();
    if (Files.exists(file)) {
      for (var line : Files.readAllLines(file)) {
        var text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
          continue;
        }
        boolean include = text.startsWith("!");
        var pattern = Path.of(include ? text.substring(1).strip() : text).normalize().toString();
        pattern = pattern.startsWith("/") ? pattern.substring(1) : pattern;
        if (!pattern.isEmpty()) {
          rules.add(new Rule(Glob.of(pattern), include));
        }
      }
    }
    return new IgnoreFile(rules);
  }

  boolean ignores(String path) {
    boolean ignored = false;
    for (var rule : rules) {
      if (rule.include() == ignored && matches(rule.glob(), path)) {
        ignored = !rule.include();
      }
    }
    return ignored;
  }

  private static boolean matches(Glob glob, String path) {
    for (var at = path;
        !at.isEmpty();
        at = at.contains("/") ? at.substring(0, at.lastIndexOf('/')) : "") {
      if (glob.matches(at)) {
        return true;
      }
    }
    return false;
  }
}
