package dev.freeway.containers.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Content by digest, laid out as in an OCI image layout: `blobs/sha256/HEX`. What is there is
/// complete and on disk.
final class Blobs {
  private final Path directory;
  private final Path incoming;

  Blobs(Path root) throws IOException {
    directory = Files.createDirectories(root.resolve("blobs/sha256"));
    incoming = root.resolve("incoming");
    // What a crash left unfinished.
    Trees.delete(incoming);
    Files.createDirectories(incoming);
  }

  Path path(String digest) throws IOException {
    return directory.resolve(Sha256.hex(digest));
  }

  boolean has(String digest) throws IOException {
    return Files.exists(path(digest));
  }

  InputStream open(String digest) throws IOException {
    return Files.newInputStream(path(digest));
  }

  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /// Stores what is written; refuses it when its digest is not the expected one.
  Descriptor put(String mediaType, @Nullable String expected, Content content) throws IOException {
    var file = incoming.resolve(UUID.randomUUID().toString());
    try {
      String digest;
      long size;
      try (var channel =
              FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          var counting =
              new Sha256.Counting(
                  new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16))) {
        content.writeTo(
            new java.io.FilterOutputStream(counting) {
              @Override
              public void write(byte[] bytes, int offset, int length) throws IOException {
                counting.write(bytes, offset, length);
              }

              @Override
              public void close() {
                // The file is closed here, once it is safe.
              }
            });
        counting.flush();
        channel.force(true);
        digest = counting.sum();
        size = counting.size();
      }
      if (expected != null && !expected.equals(digest)) {
        throw new IOException("content of " + expected + " has the digest " + digest);
      }
      Files.move(file, path(digest), StandardCopyOption.ATOMIC_MOVE);
      return new Descriptor(mediaType, digest, size);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  Descriptor put(String mediaType, byte[] content) throws IOException {
    var digest = Sha256.of(content);
    if (has(digest)) {
      return new Descriptor(mediaType, digest, content.length);
    }
    return put(mediaType, null, out -> out.write(content));
  }

  /// Takes over a finished file of the same file system without copying; false when that is not
  /// possible.
  boolean link(String digest, Path file) throws IOException {
    try {
      Files.createLink(path(digest), file);
      return true;
    } catch (java.nio.file.FileAlreadyExistsException present) {
      return true;
    } catch (IOException | UnsupportedOperationException elsewhere) {
      return false;
    }
  }

  List<String> all() throws IOException {
    var digests = new ArrayList<String>();
    for (var file : Trees.children(directory)) {
      digests.add("sha256:" + file.getFileName());
    }
    return digests;
  }

  void delete(String digest) throws IOException {
    Files.deleteIfExists(path(digest));
  }
}
