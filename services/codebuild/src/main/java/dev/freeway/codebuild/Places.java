package dev.freeway.codebuild;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where on this machine a build's files are, by their paths inside the build.
///
/// @param expanded what the build's shell made of texts with variables and commands
record Places(Workspace workspace, Map<String, String> expanded) {
  static final String SOURCE = Workspace.SOURCE_INSIDE + "/src";
  private static final int MOST_LINKS = 40;

  String expand(String text) {
    return expanded.getOrDefault(text, text);
  }

  /// An absolute path inside, of one that is relative to a folder inside.
  static String absolute(String path, String folder) {
    String plain = path.startsWith("~/") ? "/root" + path.substring(1) : path;
    return Path.of(folder).resolve(plain).normalize().toString();
  }

  /// The place on this machine. Sources are mounted from here; what else is wanted was copied out.
  Path host(String inside) {
    Path path = Path.of("/").resolve(inside).normalize();
    Path mounted = Path.of(Workspace.SOURCE_INSIDE);
    return path.startsWith(mounted)
        ? workspace.output().resolve(mounted.relativize(path).toString())
        : workspace.control().resolve("carried").resolve(path.toString().substring(1));
  }

  /// Whether the place is really in the workspace: a link a build has made must not lead to the
  /// machine's own files.
  boolean safe(Path file) {
    try {
      return file.toRealPath().startsWith(workspace.root().toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  /// The file a link of the build leads to, when that is a file of the build.
  Optional<Path> target(Path link) throws IOException {
    Path at = link;
    for (int i = 0; i < MOST_LINKS && Files.isSymbolicLink(at); i++) {
      Path to = Files.readSymbolicLink(at);
      at = to.isAbsolute() ? host(to.toString()) : at.resolveSibling(to).normalize();
    }
    return Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS) && safe(at)
        ? Optional.of(at)
        : Optional.empty();
  }
}
