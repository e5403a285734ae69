package dev.freeway.containers.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Where the runtime keeps what it must know after a crash.
///
/// ```
/// lock                     held while a runtime uses the directory
/// sandboxes/NAME/          sandbox.json (written last), hosts, hostname, resolv.conf
/// containers/ID/           record.json (written last), launch, started, pids, root/, upper/, work/, cow/
/// logs/ID.SEGMENT          what the container wrote
/// exits/ID                 how it ended, put there by its supervisor
/// trash/                   on its way out
/// ```
record StateFiles(Path base) {
  static StateFiles at(Path base) throws IOException {
    var files = new StateFiles(base.toAbsolutePath().normalize());
    for (var dir : List.of("sandboxes", "containers", "logs", "exits", "trash", "empty")) {
      Files.createDirectories(files.base.resolve(dir));
    }
    return files;
  }

  Path sandbox(String name) {
    return base.resolve("sandboxes").resolve(name);
  }

  Path container(String id) {
    return base.resolve("containers").resolve(id);
  }

  Path logs() {
    return base.resolve("logs");
  }

  Path log(String id, long segment) {
    return logs().resolve(id + "." + segment);
  }

  Path exits() {
    return base.resolve("exits");
  }

  Path exit(String id) {
    return exits().resolve(id);
  }

  Path empty() {
    return base.resolve("empty");
  }

  static List<Path> children(Path directory) throws IOException {
    try (var all = Files.list(directory)) {
      return all.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /// Log segments of one container, oldest first.
  List<Long> segments(String id) throws IOException {
    var found = new ArrayList<Long>();
    for (var path : children(logs())) {
      var name = path.getFileName().toString();
      int dot = name.lastIndexOf('.');
      if (dot > 0 && name.substring(0, dot).equals(id)) {
        found.add(Long.parseLong(name.substring(dot + 1)));
      }
    }
    found.sort(null);
    return found;
  }

  /// Replaces a file so that a reader, even after a crash, sees the old content or the new.
  static void publish(Path file, byte[] content) throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".new");
    try (var out =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      var bytes = java.nio.ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static void publish(Path file, String content) throws IOException {
    publish(file, content.getBytes(StandardCharsets.UTF_8));
  }

  /// Makes a directory vanish at once, then deletes it. What a crash leaves in the trash goes at
  /// the next start.
  void discard(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    var away = base.resolve("trash").resolve(directory.getFileName() + "-" + System.nanoTime());
    Files.move(directory, away, StandardCopyOption.ATOMIC_MOVE);
    deleteTree(away);
  }

  void emptyTrash() throws IOException {
    for (var path : children(base.resolve("trash"))) {
      deleteTree(path);
    }
  }

  /// Deletes a tree without following symbolic links.
  static void deleteTree(Path root) throws IOException {
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
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException problem)
              throws IOException {
            if (problem != null) {
              throw problem;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
