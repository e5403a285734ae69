package dev.freeway.containers.build;

import dev.freeway.containers.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What this machine sees of a build's files.
record SharedFolders(List<Mount> mounts) {
  /// Where a path of the build lies on this machine; null when it is under no mount, or leads out
  /// of it.
  @Nullable Path here(Path there) throws IOException {
    for (var mount : mounts.reversed()) {
      var target = Path.of(mount.target());
      if (mount instanceof Mount.Bind bind && there.startsWith(target)) {
        var source = bind.source().toRealPath();
        var here = source.resolve(target.relativize(there).toString());
        return inside(here, source) ? here : null;
      }
    }
    return null;
  }

  /// Whether a path, or what there is of it, lies in a folder: links may lead elsewhere.
  private static boolean inside(Path path, Path folder) throws IOException {
    for (var there = path; there != null; there = there.getParent()) {
      if (Files.exists(there)) {
        return there.toRealPath().startsWith(folder);
      }
    }
    return false;
  }
}
