package dev.freeway.containers.build;

import dev.freeway.containers.image.Layer;
import dev.freeway.containers.image.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Layers that earlier builds made, by a digest of everything that went into them.
public final class BuildCache {
  record Entry(Layer layer, Instant created) {}

  private static final JsonMapper JSON = JsonMapper.shared();
  private final Path directory;

  public BuildCache(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  private Path file(String key) {
    return directory.resolve(key.replace("sha256:", ""));
  }

  Optional<Entry> get(String key) throws IOException {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file(key)), Entry.class));
    } catch (NoSuchFileException | JacksonException absentOrCutOff) {
      return Optional.empty();
    }
  }

  void put(String key, Entry entry) throws IOException {
    // No fsync: an entry lost in a power failure only costs a build step.
    var next = directory.resolve("." + UUID.randomUUID());
    Files.write(next, JSON.writeValueAsBytes(entry));
    Files.move(
        next, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Digests of the layers in the cache: what to keep when the image store is pruned.
  public Set<String> layers() throws IOException {
    var digests = new TreeSet<String>();
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        get(file.getFileName().toString()).ifPresent(e -> digests.add(e.layer().diffId()));
      }
    }
    return digests;
  }

  /// A directory that commands keep between builds: `RUN --mount=type=cache`.
  Path mount(String digest) throws IOException {
    return Files.createDirectories(
        directory
            .resolveSibling(directory.getFileName() + "-mounts")
            .resolve(digest.replace("sha256:", "")));
  }

  /// Forgets everything.
  public void clear() throws IOException {
    Trees.delete(directory.resolveSibling(directory.getFileName() + "-mounts"));
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
