package dev.freeway.ecr;

import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.BlobWriter;
import dev.freeway.store.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Layers on their way in. They are this process's alone: after a restart the client is told that
/// the upload is unknown, and begins again. Forgotten a day after the last byte.
final class Uploads implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofDays(1);

  private final Platform platform;
  private final Map<String, Upload> open = new ConcurrentHashMap<>();

  Uploads(Platform platform) {
    this.platform = platform;
  }

  /// One upload; used under its own lock, since a client's retry may overlap its first try.
  final class Upload {
    final String id = Ids.uuid();
    final StoredRepository repository;
    private final BlobWriter writer;
    private Instant used = platform.clock().instant();

    private Upload(StoredRepository repository) throws IOException {
      this.repository = repository;
      this.writer = platform.blobs().create(Digest.SHA256);
    }

    synchronized long size() {
      return writer.size();
    }

    /// Adds bytes that start at `first`. Returns false, and takes nothing, when they do not follow
    /// what is here.
    synchronized boolean append(long first, InputStream content) throws IOException {
      if (first != writer.size()) {
        return false;
      }
      content.transferTo(writer);
      used = platform.clock().instant();
      return true;
    }

    synchronized StoredLayer finish(Layers layers, String digest) throws IOException {
      open.remove(id);
      return layers.commit(repository, writer, digest);
    }

    synchronized void cancel() throws IOException {
      open.remove(id);
      writer.close();
    }
  }

  Upload begin(StoredRepository repository) throws IOException {
    discardStale();
    Upload upload = new Upload(repository);
    open.put(upload.id, upload);
    return upload;
  }

  Optional<Upload> find(StoredRepository repository, String id) {
    return Optional.ofNullable(open.get(id))
        .filter(
            u ->
                u.repository.scope().equals(repository.scope())
                    && u.repository.name().equals(repository.name()));
  }

  private void discardStale() throws IOException {
    Instant before = platform.clock().instant().minus(PATIENCE);
    for (Upload u : open.values()) {
      if (u.used.isBefore(before)) {
        u.cancel();
      }
    }
  }

  @Override
  public void close() {
    for (Upload u : open.values()) {
      Ecr.io(
          () -> {
            u.cancel();
            return u;
          });
    }
  }
}
