package dev.freeway.containers.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/// Turns a layer's tar stream into a directory that overlayfs can use. Needs root for ownership and
/// whiteouts.
///
/// Members that would land outside the directory (`..`, or through a symbolic link of the same
/// layer) are refused.
final class LayerUnpacker {
  private record Stamp(Path directory, long mtime) {}

  private final Path root;
  private final List<Stamp> stamps = new ArrayList<>();

  private LayerUnpacker(Path root) {
    this.root = root;
  }

  static void unpack(InputStream tar, Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.setAttribute(directory, "unix:mode", 0755);
    var unpacker = new LayerUnpacker(directory);
    var reader = new TarReader(tar);
    for (var entry = reader.next(); entry != null; entry = reader.next()) {
      unpacker.take(entry, reader.content());
    }
    // What follows the archive's end belongs to the digest.
    tar.transferTo(java.io.OutputStream.nullOutputStream());
    // Directories last: filling one changes its time.
    for (var stamp : unpacker.stamps.reversed()) {
      setTime(stamp.directory(), stamp.mtime());
    }
  }

  private void take(TarEntry entry, InputStream content) throws IOException {
    var path = place(entry.name());
    if (path.equals(root)) {
      own(path, entry);
      return;
    }
    var name = path.getFileName().toString();
    if (name.equals(Whiteouts.OPAQUE)) {
      Linux.setAttribute(Trees.parent(path), Whiteouts.OPAQUE_ATTRIBUTE, Whiteouts.YES);
      return;
    }
    if (name.startsWith(Whiteouts.PREFIX)) {
      var hidden = path.resolveSibling(name.substring(Whiteouts.PREFIX.length()));
      if (hidden.equals(path.getParent()) || hidden.getFileName().toString().equals("..")) {
        throw new IOException("the layer hides an impossible name: " + entry.name());
      }
      clear(hidden, false);
      Linux.makeNode(hidden, Linux.CHARACTER_DEVICE, 0, 0);
      return;
    }
    clear(path, entry.type() == TarEntry.Type.DIRECTORY);
    make(path, entry, content);
    own(path, entry);
  }

  private void make(Path path, TarEntry entry, InputStream content) throws IOException {
    switch (entry.type()) {
      case FILE -> Files.copy(content, path, StandardCopyOption.REPLACE_EXISTING);
      case DIRECTORY -> Files.createDirectories(path);
      case SYMBOLIC_LINK -> Files.createSymbolicLink(path, Path.of(entry.link()));
      case HARD_LINK -> {
        var target = place(entry.link());
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(
              "the layer links " + entry.name() + " to " + entry.link() + ", which it lacks");
        }
        Files.createLink(path, target);
      }
      case CHARACTER_DEVICE ->
          Linux.makeNode(path, Linux.CHARACTER_DEVICE | entry.mode(), entry.major(), entry.minor());
      case BLOCK_DEVICE ->
          Linux.makeNode(path, Linux.BLOCK_DEVICE | entry.mode(), entry.major(), entry.minor());
      case PIPE -> Linux.makeNode(path, Linux.PIPE | entry.mode(), 0, 0);
    }
  }

  private void own(Path path, TarEntry entry) throws IOException {
    if (entry.type() == TarEntry.Type.HARD_LINK) {
      return;
    }
    Files.setAttribute(path, "unix:uid", entry.uid(), LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", entry.gid(), LinkOption.NOFOLLOW_LINKS);
    if (entry.type() != TarEntry.Type.SYMBOLIC_LINK) {
      // After the owner: changing that clears set-uid.
      Files.setAttribute(path, "unix:mode", entry.mode());
    }
    for (var attribute : entry.attributes().entrySet()) {
      if (attribute.getKey().equals(Whiteouts.FILE_CAPABILITIES)) {
        Linux.setAttribute(
            path, attribute.getKey(), attribute.getValue().getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    if (entry.type() == TarEntry.Type.DIRECTORY) {
      stamps.add(new Stamp(path, entry.mtime()));
    } else {
      setTime(path, entry.mtime());
    }
  }

  private static void setTime(Path path, long mtime) throws IOException {
    var time = FileTime.fromMillis(mtime * 1000);
    Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(time, time, null);
  }

  /// Where a member goes, its parent directories made; refuses what leads outside.
  private Path place(String name) throws IOException {
    var path = root;
    var parts = name.split("/");
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].isEmpty() || parts[i].equals(".")) {
        continue;
      }
      if (parts[i].equals("..") || parts[i].indexOf('\0') >= 0) {
        throw new IOException("the layer has a member outside its root: " + name);
      }
      if (!path.equals(root)) {
        if (Files.isSymbolicLink(path)) {
          throw new IOException("the layer writes through a symbolic link: " + name);
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          clear(path, false);
          Files.createDirectory(path);
        }
      }
      path = path.resolve(parts[i]);
    }
    return path;
  }

  private static void clear(Path path, boolean keepDirectory) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        || keepDirectory && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Trees.delete(path);
  }
}
