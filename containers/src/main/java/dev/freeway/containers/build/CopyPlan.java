package dev.freeway.containers.build;

import dev.freeway.containers.image.Sha256;
import dev.freeway.containers.image.TarEntry;
import dev.freeway.containers.image.TarWriter;
import dev.freeway.containers.image.UnixFacts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The files a COPY or ADD puts into the image, by where they go.
final class CopyPlan {
  private record Item(TarEntry entry, @Nullable Path content) {}

  private final Tree image;
  private @Nullable Owner owner;
  private final @Nullable Integer mode;
  private final long latest;
  private final TreeMap<String, Item> items = new TreeMap<>();

  /// @param owner null keeps the source's
  /// @param mode permission bits for all files and directories, or null to keep them
  /// @param latest no file gets a later time, in seconds since 1970
  CopyPlan(Tree image, @Nullable Owner owner, @Nullable Integer mode, long latest) {
    this.image = image;
    this.owner = owner;
    this.mode = mode;
    this.latest = latest;
  }

  /// Copies a file, or a directory's content, to a path of the image.
  void add(Tree from, String source, String target) throws IOException {
    var real = source.isEmpty() ? null : from.find(source);
    if (real != null && !Tree.isDirectory(real)) {
      file(real, target);
      return;
    }
    var directory = image.resolve(target);
    directory(directory, real);
    for (var child : from.list(source).entrySet()) {
      var inside = source.isEmpty() ? child.getKey() : source + "/" + child.getKey();
      var to = directory.isEmpty() ? child.getKey() : directory + "/" + child.getKey();
      if (Tree.isDirectory(child.getValue())) {
        add(from, inside, to);
      } else {
        file(child.getValue(), to);
      }
    }
  }

  /// Copies a whole tree, with its own owners unless one is given.
  void addOwned(Tree from, String target, @Nullable Owner givenOwner) throws IOException {
    var before = owner;
    owner = givenOwner;
    add(from, "", target);
    owner = before;
  }

  private void file(Path real, String target) throws IOException {
    parents(target);
    UnixFacts facts = UnixFacts.of(real);
    long mtime = Math.min(latest, facts.modified());
    TarEntry entry;
    if (Files.isSymbolicLink(real)) {
      entry = TarEntry.symbolicLink(target, Files.readSymbolicLink(real).toString(), mtime);
    } else if (Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
      int bits = mode != null ? mode : facts.permissions();
      entry = TarEntry.file(target, bits, facts.size(), mtime);
    } else {
      throw new IOException(
          "cannot copy " + real.getFileName() + ": neither file, directory nor link");
    }
    items.put(target, new Item(owned(entry, facts), real));
  }

  private TarEntry owned(TarEntry entry, UnixFacts facts) {
    return owner != null
        ? entry.ownedBy(owner.uid(), owner.gid())
        : entry.ownedBy(facts.uid(), facts.gid());
  }

  /// Makes sure a directory exists in the image; one that is there keeps its owner and mode.
  void directory(String path, @Nullable Path like) throws IOException {
    if (path.isEmpty() || items.containsKey(path)) {
      return;
    }
    parents(path);
    var there = image.find(path);
    if (Tree.isDirectory(there)) {
      items.put(path, new Item(existing(path, there), null));
      return;
    }
    int bits = mode != null ? mode : 0755;
    long mtime = 0;
    if (like != null) {
      UnixFacts facts = UnixFacts.of(like);
      bits = mode != null ? mode : facts.permissions();
      mtime = Math.min(latest, facts.modified());
    }
    var to = owner == null ? Owner.ROOT : owner;
    items.put(
        path,
        new Item(TarEntry.directory(path + "/", bits, mtime).ownedBy(to.uid(), to.gid()), null));
  }

  private static TarEntry existing(String path, @Nullable Path there) throws IOException {
    if (there == null) {
      return TarEntry.directory(path + "/", 0755, 0);
    }
    UnixFacts facts = UnixFacts.of(there);
    return TarEntry.directory(path + "/", facts.permissions(), facts.modified())
        .ownedBy(facts.uid(), facts.gid());
  }

  /// A layer's directory hides the attributes of the same one below: so each is repeated as it is.
  private void parents(String path) throws IOException {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      var parent = path.substring(0, slash);
      if (!items.containsKey(parent)) {
        var there = image.find(parent);
        items.put(parent, new Item(existing(parent, Tree.isDirectory(there) ? there : null), null));
      }
    }
  }

  /// Digest of what is copied, times left out: a fresh clone of the same files is the same.
  String digest() throws IOException {
    var text = new StringBuilder();
    for (var item : items.values()) {
      var entry = item.entry();
      text.append(entry.name()).append('\0').append(entry.type()).append(entry.mode());
      text.append(' ').append(entry.uid()).append(' ').append(entry.gid()).append(entry.link());
      if (entry.type() == TarEntry.Type.FILE && item.content() != null) {
        text.append(Sha256.of(item.content()));
      }
      text.append('\n');
    }
    return Sha256.of(text.toString());
  }

  void writeTo(OutputStream out) throws IOException {
    try (var tar = new TarWriter(out)) {
      for (var item : items.values()) {
        if (item.entry().type() == TarEntry.Type.FILE && item.content() != null) {
          try (var in = Files.newInputStream(item.content())) {
            tar.put(item.entry(), in);
          }
        } else {
          tar.put(item.entry());
        }
      }
    }
  }
}
