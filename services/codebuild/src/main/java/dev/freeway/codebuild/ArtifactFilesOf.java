package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Artifacts;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds the files an artifact is made of.
final class ArtifactFilesOf {
  private ArtifactFilesOf() {}

  /// Name in the artifact → file. Throws when nothing matches, as CodeBuild does.
  static Map<String, Path> collect(Artifacts spec, Path source) throws IOException, BuildFailed {
    List<Path> bases = bases(spec, source);
    List<PathMatcher> include = spec.files().stream().map(ArtifactFilesOf::glob).toList();
    List<PathMatcher> exclude = spec.exclude().stream().map(ArtifactFilesOf::glob).toList();
    Map<String, Path> found = new LinkedHashMap<>();
    for (Path base : bases) {
      try (var all = Files.walk(base)) {
        for (Path file :
            all.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).sorted().toList()) {
          Path relative = base.relativize(file);
          if (include.stream().anyMatch(m -> m.matches(relative))
              && exclude.stream().noneMatch(m -> m.matches(relative))) {
            found.put(
                spec.discardPaths() ? file.getFileName().toString() : relative.toString(), file);
          }
        }
      }
    }
    if (found.isEmpty()) {
      throw new BuildFailed("CLIENT_ERROR", "no matching artifact paths found");
    }
    return found;
  }

  private static List<Path> bases(Artifacts spec, Path source) throws IOException, BuildFailed {
    if (spec.baseDirectory() == null) {
      return List.of(source);
    }
    List<Path> bases = new ArrayList<>();
    if (spec.baseDirectory().matches(".*[*?\\[{].*")) {
      PathMatcher matcher = glob(spec.baseDirectory());
      try (var all = Files.walk(source)) {
        all.filter(Files::isDirectory)
            .filter(d -> matcher.matches(source.relativize(d)))
            .forEach(bases::add);
      }
    } else {
      Path base =
          source
              .resolve(spec.baseDirectory().replaceFirst("^/codebuild/output/src/src/?", ""))
              .normalize();
      if (base.startsWith(source) && Files.isDirectory(base)) {
        bases.add(base);
      }
    }
    if (bases.isEmpty()) {
      throw new BuildFailed(
          "CLIENT_ERROR", "no matching base directory path found for " + spec.baseDirectory());
    }
    return bases;
  }

  // `**/*` means files at the top as well, which Java's matcher reads otherwise.
  private static PathMatcher glob(String pattern) {
    String plain =
        pattern.replaceFirst("^\\./", "").replaceFirst("^/codebuild/output/src/src/", "");
    PathMatcher exact = FileSystems.getDefault().getPathMatcher("glob:" + plain);
    if (!plain.contains("**/")) {
      return exact;
    }
    PathMatcher top = FileSystems.getDefault().getPathMatcher("glob:" + plain.replace("**/", ""));
    return path -> exact.matches(path) || top.matches(path);
  }
}
