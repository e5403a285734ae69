package dev.freeway.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Large bytes on disk: objects, layers, artifacts. Written and read as streams, never whole in
/// memory; never changed once committed.
///
/// A blob and the row that names it cannot be committed together. Commit the blob first, then the
/// row; delete the row first, then the blob. A crash between leaves a blob that no row names:
/// [#sweep] finds those.
///
/// ```java
/// try (var writer = blobs.create(Digest.SHA256, Digest.MD5)) {
///   body.transferTo(writer);
///   var blob = writer.commit();
///   store.update(tx -> tx.put(OBJECTS, key, new StoredObject(blob.id(), blob.size(), blob.md5())));
/// }
/// ```
public final class Blobs implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}|sha256-[0-9a-f]{64}");

  private final Path files;
  private final Path temporary;
  private final boolean durable;

  private Blobs(Path directory, boolean durable) throws IOException {
    this.files = directory.resolve("files");
    this.temporary = directory.resolve("temporary");
    this.durable = durable;
    Files.createDirectories(files);
    Files.createDirectories(temporary);
    sync(directory);
    discardLeftovers();
  }

  /// Opens, or creates, the blobs in `directory`, and removes what was not committed. One process
  /// at a time: the [Store]'s claim on its directory covers one beside or inside it.
  public static Blobs open(Path directory) throws IOException {
    return new Blobs(directory, true);
  }

  /// For tests: in a temporary directory that [#close] deletes, without waiting for the disk.
  public static Blobs ephemeral() throws IOException {
    return new Blobs(TemporaryDirectory.create(), false);
  }

  /// Begins a blob of which the `digests` are wanted.
  public BlobWriter create(Digest... digests) throws IOException {
    var file = temporary.resolve(newId());
    var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new BlobWriter(this, file, channel, digests);
  }

  /// The id of the blob that [BlobWriter#commitAs] makes.
  public static String idOfSha256(String hex) {
    return "sha256-" + hex;
  }

  /// The whole blob.
  ///
  /// @throws java.nio.file.NoSuchFileException there is no such blob
  public InputStream open(String id) throws IOException {
    var channel = channel(id);
    return new BlobInput(channel, 0, channel.size());
  }

  /// `length` bytes from `offset`.
  ///
  /// @throws IllegalArgumentException the blob does not have them
  /// @throws java.nio.file.NoSuchFileException there is no such blob
  public InputStream open(String id, long offset, long length) throws IOException {
    var channel = channel(id);
    if (offset < 0 || length < 0 || offset > channel.size() - length) {
      channel.close();
      throw new IllegalArgumentException(
          "no %d bytes from %d in blob %s".formatted(length, offset, id));
    }
    return new BlobInput(channel, offset, offset + length);
  }

  /// The blob's file, for reading: to send it without copying, or to map it. The caller closes it.
  public FileChannel channel(String id) throws IOException {
    return FileChannel.open(path(id), StandardOpenOption.READ);
  }

  /// Where the blob's file is, or would be. It must not be changed.
  public Path path(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("not the id of a blob: '" + id + "'");
    }
    // Two levels of 256 directories: a million blobs are sixteen to a directory.
    var hex = id.substring(id.indexOf('-') + 1);
    return files.resolve(hex.substring(0, 2)).resolve(hex.substring(2, 4)).resolve(id);
  }

  public boolean exists(String id) {
    return Files.exists(path(id));
  }

  public long size(String id) throws IOException {
    return Files.size(path(id));
  }

  /// Returns whether there was such a blob. Readers that have it open go on reading.
  public boolean delete(String id) throws IOException {
    return Files.deleteIfExists(path(id));
  }

  /// Deletes the blobs that are not `used` and were committed before `before`, in real time: early
  /// enough that the row that names a blob has been written, if ever. Returns their number.
  public long sweep(Instant before, Predicate<String> used) throws IOException {
    try (var all = Files.walk(files, 3)) {
      long deleted = 0;
      for (var file : (Iterable<Path>) all::iterator) {
        var id = file.getFileName().toString();
        if (ID.matcher(id).matches() && isOlder(file, before) && !used.test(id)) {
          deleted += delete(id) ? 1 : 0;
        }
      }
      return deleted;
    }
  }

  private static boolean isOlder(Path file, Instant before) throws IOException {
    return Files.exists(file) && Files.getLastModifiedTime(file).toInstant().isBefore(before);
  }

  static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /// Moves a written file to its place: its content first, then its name, on disk.
  void publish(Path written, FileChannel channel, String id) throws IOException {
    var target = path(id);
    if (Files.exists(target)) {
      // The same content. It is as good as new for a sweep, and its writer may not have synced yet.
      Files.setLastModifiedTime(target, FileTime.from(Instant.now()));
      sync(folder(target));
      return;
    }
    if (durable) {
      channel.force(true);
    }
    makeDirectory(folder(target));
    Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
    sync(folder(target));
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.getParent(), "blobs are in a folder");
  }

  /// One at a time: who finds the directory must find it synced.
  private synchronized void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      sync(folder(directory));
      sync(files);
    }
  }

  private void sync(Path directory) throws IOException {
    if (durable) {
      try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private void discardLeftovers() throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(temporary)) {
      for (var file : leftovers) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() {
    TemporaryDirectory.delete(folder(files));
  }
}
