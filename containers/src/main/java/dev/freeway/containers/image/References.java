package dev.freeway.containers.image;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// Names of images, one small file each: `name:tag` and `name@digest`, holding the manifest's
/// digest.
record References(Path directory) {
  private Path file(String name) {
    return directory.resolve(URLEncoder.encode(name, StandardCharsets.UTF_8));
  }

  Optional<String> get(String name) throws IOException {
    try {
      return Optional.of(Files.readString(file(name)).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  void put(String name, String digest) throws IOException {
    if (get(name).equals(Optional.of(digest))) {
      return;
    }
    var next = directory.resolve("." + UUID.randomUUID());
    try (var out =
        FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(digest.getBytes(StandardCharsets.UTF_8)));
      out.force(true);
    }
    Files.move(
        next, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void remove(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  /// `name:tag` → digest.
  Map<String, String> tags() throws IOException {
    var tags = new TreeMap<String, String>();
    for (var file : Trees.children(directory)) {
      var name = URLDecoder.decode(file.getFileName().toString(), StandardCharsets.UTF_8);
      if (!name.startsWith(".") && !name.contains("@")) {
        tags.put(name, Files.readString(file).strip());
      }
    }
    return tags;
  }

  /// Drops names by digest whose manifest no longer is wanted, and what a crash left behind.
  void retain(Set<String> digests) throws IOException {
    for (var file : Trees.children(directory)) {
      var name = file.getFileName().toString();
      if (name.startsWith(".") || !digests.contains(Files.readString(file).strip())) {
        Files.delete(file);
      }
    }
  }
}
