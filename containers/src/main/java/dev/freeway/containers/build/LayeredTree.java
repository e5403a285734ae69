package dev.freeway.containers.build;

import dev.freeway.containers.image.Whiteouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The root that unpacked layers make together, read without mounting it.
///
/// @param layers topmost first
record LayeredTree(List<Path> layers) implements Tree {
  @Override
  public @Nullable Path find(String path) {
    for (var layer : layers) {
      var real = layer.resolve(path);
      if (Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
        return Whiteouts.is(real) || hidden(layer, path) ? null : real;
      }
      if (hidden(layer, path)) {
        return null;
      }
    }
    return null;
  }

  /// Whether a layer hides what lower layers have at a path: something above it is no plain
  /// directory there.
  private static boolean hidden(Path layer, String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      var above = layer.resolve(path.substring(0, slash));
      if (!Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      if (!Tree.isDirectory(above)) {
        return true;
      }
      if (Whiteouts.isOpaque(above)
          && !Files.exists(layer.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public SortedMap<String, Path> list(String directory) throws IOException {
    var found = new TreeMap<String, Path>();
    var gone = new TreeSet<String>();
    for (var layer : layers) {
      var real = directory.isEmpty() ? layer : layer.resolve(directory);
      if (Tree.isDirectory(real)) {
        try (var all = Files.list(real)) {
          for (var path : all.toList()) {
            var name = path.getFileName().toString();
            if (Whiteouts.is(path)) {
              gone.add(name);
            } else if (!gone.contains(name)) {
              found.putIfAbsent(name, path);
            }
          }
        }
        gone.addAll(found.keySet());
        if (Whiteouts.isOpaque(real)) {
          break;
        }
      } else if (Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
        break;
      }
      if (hidden(layer, directory + "/x")) {
        break;
      }
    }
    return found;
  }
}
