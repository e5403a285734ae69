package dev.freeway.containers.image;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Directories as wholes.
public final class Trees {
  private Trees() {}

  /// The directory a file is in. A path that names the root has none, and is no file.
  public static Path parent(Path file) {
    return Objects.requireNonNull(file.getParent(), file::toString);
  }

  /// Deletes a file or a tree, without following symbolic links; nothing when there is none.
  public static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem)
              throws IOException {
            if (problem != null) {
              throw problem;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// Everything below a directory, in the order of names; links are not followed.
  public static List<Path> below(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(path -> !path.equals(directory)).sorted().toList();
    }
  }

  /// Everything directly in a directory, in the order of names; empty when there is no directory.
  public static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var all = Files.list(directory)) {
      return all.sorted().toList();
    }
  }
}
