package dev.freeway.containers.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/// Turns what a container wrote (the upper directory of its overlay) into a layer's tar stream.
/// Members are sorted and carry no names of users, so the same files give the same bytes.
public final class LayerPacker {
  private final Path root;
  private final TarWriter out;
  private final Predicate<String> skip;
  private final Map<Object, String> linked = new HashMap<>();
  private int members;

  private LayerPacker(Path root, TarWriter out, Predicate<String> skip) {
    this.root = root;
    this.out = out;
    this.skip = skip;
  }

  /// @param skip tells by path, without a leading slash, what to leave out
  /// @return how many members there are
  public static int pack(Path directory, OutputStream out, Predicate<String> skip)
      throws IOException {
    try (var writer = new TarWriter(out)) {
      var packer = new LayerPacker(directory, writer, skip);
      packer.inside(directory);
      return packer.members;
    }
  }

  private void inside(Path directory) throws IOException {
    for (var path : Trees.children(directory)) {
      var name = root.relativize(path).toString();
      if (!skip.test(name)) {
        add(path, name);
      }
    }
  }

  private void add(Path path, String name) throws IOException {
    var facts = UnixFacts.of(path);
    int mode = facts.mode();
    int uid = facts.uid();
    int gid = facts.gid();
    long mtime = facts.modified();
    if ((mode & 0170000) == 0140000) {
      // A socket means nothing without the process that listened.
      return;
    }
    long device = facts.device();
    int major = (int) (device >> 8 & 0xfff);
    int minor = (int) (device & 0xff | device >> 12 & ~0xff);
    members++;
    var type = type(mode & 0170000, path);
    if (type == TarEntry.Type.CHARACTER_DEVICE && device == 0) {
      var folder = Trees.parent(path);
      var parent = folder.equals(root) ? "" : root.relativize(folder) + "/";
      out.put(TarEntry.file(parent + Whiteouts.PREFIX + path.getFileName(), 0, 0, 0));
      return;
    }
    if (type != TarEntry.Type.DIRECTORY && facts.links() > 1) {
      var first = linked.putIfAbsent(facts.key(), name);
      if (first != null) {
        out.put(entry(name, TarEntry.Type.HARD_LINK, mode, uid, gid, 0, mtime, first, 0, 0, path));
        return;
      }
    }
    switch (type) {
      case DIRECTORY -> {
        out.put(entry(name + "/", type, mode, uid, gid, 0, mtime, "", 0, 0, path));
        if (Linux.attribute(path, Whiteouts.OPAQUE_ATTRIBUTE).isPresent()) {
          out.put(TarEntry.file(name + "/" + Whiteouts.OPAQUE, 0, 0, 0));
        }
        inside(path);
      }
      case SYMBOLIC_LINK ->
          out.put(
              entry(
                  name,
                  type,
                  0777,
                  uid,
                  gid,
                  0,
                  mtime,
                  Files.readSymbolicLink(path).toString(),
                  0,
                  0,
                  path));
      case FILE -> {
        try (var in = Files.newInputStream(path)) {
          long size = facts.size();
          out.put(entry(name, type, mode, uid, gid, size, mtime, "", 0, 0, path), in);
        }
      }
      case CHARACTER_DEVICE, BLOCK_DEVICE, PIPE, HARD_LINK ->
          out.put(entry(name, type, mode, uid, gid, 0, mtime, "", major, minor, path));
    }
  }

  private static TarEntry entry(
      String name,
      TarEntry.Type type,
      int mode,
      int uid,
      int gid,
      long size,
      long mtime,
      String link,
      int major,
      int minor,
      Path path) {
    var capabilities = new HashMap<String, String>();
    if (type == TarEntry.Type.FILE) {
      Linux.attribute(path, Whiteouts.FILE_CAPABILITIES)
          .ifPresent(
              value ->
                  capabilities.put(
                      Whiteouts.FILE_CAPABILITIES, new String(value, StandardCharsets.ISO_8859_1)));
    }
    return new TarEntry(
        name, type, mode & 07777, uid, gid, size, mtime, link, major, minor, capabilities);
  }

  private static TarEntry.Type type(int kind, Path path) throws IOException {
    return switch (kind) {
      case 0100000 -> TarEntry.Type.FILE;
      case 0040000 -> TarEntry.Type.DIRECTORY;
      case 0120000 -> TarEntry.Type.SYMBOLIC_LINK;
      case 0020000 -> TarEntry.Type.CHARACTER_DEVICE;
      case 0060000 -> TarEntry.Type.BLOCK_DEVICE;
      case 0010000 -> TarEntry.Type.PIPE;
      default -> throw new IOException("cannot put this kind of file into a layer: " + path);
    };
  }
}
