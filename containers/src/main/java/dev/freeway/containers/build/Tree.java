package dev.freeway.containers.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A file tree to copy from: a build context, or the root of an image. Paths have no leading slash;
/// the root is "".
interface Tree {
  /// The real file behind a path; links in the directories above are not followed, nor is the last
  /// part. Null when there is none.
  @Nullable Path find(String path) throws IOException;

  /// Names in a directory and the real files behind them; empty when it is no directory.
  SortedMap<String, Path> list(String directory) throws IOException;

  /// Follows symbolic links, also in directories above, never leaving the tree. The result may not
  /// exist.
  default String resolve(String path) throws IOException {
    var done = "";
    var rest = path;
    for (int links = 0; !rest.isEmpty(); ) {
      int slash = rest.indexOf('/');
      var part = slash < 0 ? rest : rest.substring(0, slash);
      rest = slash < 0 ? "" : rest.substring(slash + 1);
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..")) {
        done = done.contains("/") ? done.substring(0, done.lastIndexOf('/')) : "";
        continue;
      }
      var next = done.isEmpty() ? part : done + "/" + part;
      var real = find(next);
      if (real != null && Files.isSymbolicLink(real)) {
        if (++links > 40) {
          throw new IOException("too many symbolic links: " + path);
        }
        var target = Files.readSymbolicLink(real).toString();
        done = target.startsWith("/") ? "" : done;
        rest = target + "/" + rest;
      } else {
        done = next;
      }
    }
    return done;
  }

  static boolean isDirectory(@Nullable Path path) {
    return path != null && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }
}
