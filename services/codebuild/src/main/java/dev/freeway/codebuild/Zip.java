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
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Zip files that keep which files may be executed, and symbolic links.
final class Zip {
  private Zip() {}

  /// Unpacks all of it. Names that would leave the folder are refused, and links that would too are
  /// left out.
  static void unpack(Path zip, Path into) throws IOException, BuildFailed {
    Set<String> links;
    try (FileSystem fs =
        FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", "true"))) {
      links = ZipLinks.of(zip);
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
              if (links.contains(root.relativize(file).toString())) {
                // Made once all files are there, so that nothing is written through a link.
                return FileVisitResult.CONTINUE;
              }
              Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
              Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
              if (!permissions.isEmpty()) {
                Files.setPosixFilePermissions(to, permissions);
              }
              return FileVisitResult.CONTINUE;
            }
          });
      for (String link : links) {
        link(root.resolve(link), target(root, root.resolve(link), into), into);
      }
    } catch (java.util.zip.ZipException e) {
      throw new BuildFailed("CLIENT_ERROR", "The source is not a zip file: " + e.getMessage());
    }
  }

  private static void link(Path entry, Path to, Path into) throws IOException {
    Path target = Path.of(Files.readString(entry));
    if (!target.isAbsolute() && to.resolveSibling(target).normalize().startsWith(into)) {
      Files.deleteIfExists(to);
      Files.createSymbolicLink(to, target);
    }
  }

  private static Path target(Path root, Path file, Path into) throws IOException {
    Path to = into.resolve(root.relativize(file).toString()).normalize();
    if (!to.startsWith(into)) {
      throw new IOException("the zip has a file outside its folder: " + file);
    }
    return to;
  }

  /// Packs files under the names given; symbolic links stay links.
  static void pack(Map<String, Path> files, Path zip) throws IOException {
    URI uri = URI.create("jar:" + zip.toUri());
    Set<String> links = new HashSet<>();
    try (FileSystem fs =
        FileSystems.newFileSystem(
            uri, Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
      for (Map.Entry<String, Path> e : files.entrySet()) {
        Path to = fs.getPath("/" + e.getKey());
        if (to.getParent() != null) {
          Files.createDirectories(to.getParent());
        }
        if (Files.isSymbolicLink(e.getValue())) {
          Files.writeString(to, Files.readSymbolicLink(e.getValue()).toString());
          links.add(e.getKey());
        } else {
          Files.copy(e.getValue(), to, StandardCopyOption.REPLACE_EXISTING);
          Files.setPosixFilePermissions(
              to, Files.getPosixFilePermissions(e.getValue(), LinkOption.NOFOLLOW_LINKS));
        }
      }
    }
    ZipLinks.mark(zip, links);
  }
}
