package dev.freeway.codebuild;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/// Zip files that keep which files may be executed.
final class Zip {
  private Zip() {}

  /// Unpacks all of it. Names that would leave the folder are refused.
  static void unpack(Path zip, Path into) throws IOException, BuildFailed {
    try (FileSystem fs =
        FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", "true"))) {
      Path root = fs.getPath("/");
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
                throws IOException {
              Files.createDirectories(target(root, dir, into));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Path to = target(root, file, into);
              Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
              Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
              if (!permissions.isEmpty()) {
                Files.setPosixFilePermissions(to, permissions);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (java.util.zip.ZipException e) {
      throw new BuildFailed("CLIENT_ERROR", "The source is not a zip file: " + e.getMessage());
    }
  }

  private static Path target(Path root, Path file, Path into) throws IOException {
    Path to = into.resolve(root.relativize(file).toString()).normalize();
    if (!to.startsWith(into)) {
      throw new IOException("the zip has a file outside its folder: " + file);
    }
    return to;
  }

  /// Packs files under the names given.
  static void pack(Map<String, Path> files, Path zip) throws IOException {
    URI uri = URI.create("jar:" + zip.toUri());
    try (FileSystem fs =
        FileSystems.newFileSystem(
            uri, Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
      for (Map.Entry<String, Path> e : files.entrySet()) {
        Path to = fs.getPath("/" + e.getKey());
        if (to.getParent() != null) {
          Files.createDirectories(to.getParent());
        }
        Files.copy(e.getValue(), to, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(
            to, Files.getPosixFilePermissions(e.getValue(), LinkOption.NOFOLLOW_LINKS));
      }
    }
  }
}
