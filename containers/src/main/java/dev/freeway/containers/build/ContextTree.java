package dev.freeway.containers.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A build context: a directory without what its `.dockerignore` names.
record ContextTree(Path root, IgnoreFile ignore) implements Tree {
  @Override
  public @Nullable Path find(String path) {
    var real = root.resolve(path).normalize();
    if (!real.startsWith(root) || !Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    // A directory stays visible: a later pattern may name something inside it.
    return ignore.ignores(path) && !Tree.isDirectory(real) ? null : real;
  }

  @Override
  public SortedMap<String, Path> list(String directory) throws IOException {
    var found = new TreeMap<String, Path>();
    var real = root.resolve(directory);
    if (!Tree.isDirectory(real)) {
      return found;
    }
    try (var all = Files.list(real)) {
      for (var path : all.toList()) {
        var name = path.getFileName().toString();
        var inside = directory.isEmpty() ? name : directory + "/" + name;
        if (!ignore.ignores(inside) || Tree.isDirectory(path) && !list(inside).isEmpty()) {
          found.put(name, path);
        }
      }
    }
    return found;
  }
}
