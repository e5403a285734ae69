package dev.freeway.ecr;

import dev.freeway.platform.Platform;
import dev.freeway.store.Blob;
import dev.freeway.store.BlobWriter;
import dev.freeway.store.Blobs;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;

/// Blobs of repositories. Content is kept once by its digest, however many repositories have it.
final class Layers {
  private static final Table<StoredLayer> LAYERS = new Table<>("ecr_layers", StoredLayer.class);
  private static final Table<Use> USES = new Table<>("ecr_layer_uses", Use.class);
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  /// The way back from a digest to a repository that has it.
  record Use(boolean used) {}

  private final Platform platform;

  /// Held for writing while content without a use is deleted, for reading between the commit of
  /// content and the commit of its row.
  private final ReentrantReadWriteLock content = new ReentrantReadWriteLock();

  Layers(Platform platform) {
    this.platform = platform;
  }

  static boolean isDigest(String text) {
    return DIGEST.matcher(text).matches();
  }

  static String blobId(String digest) {
    return Blobs.idOfSha256(digest.substring("sha256:".length()));
  }

  Optional<StoredLayer> find(ReadTx tx, StoredRepository in, String digest) {
    return tx.get(LAYERS, in.scope().key(in.name(), digest));
  }

  /// Makes what was uploaded a layer of the repository. Throws [BlobWriter.DigestMismatch].
  StoredLayer commit(StoredRepository in, BlobWriter writer, String digest) throws IOException {
    content.readLock().lock();
    try {
      Blob blob = writer.commitAs(digest.substring("sha256:".length()));
      StoredLayer layer = new StoredLayer(digest, blob.size(), null, platform.clock().instant());
      platform.store().update(tx -> save(tx, in, layer));
      return layer;
    } finally {
      content.readLock().unlock();
    }
  }

  /// Gives a repository a blob that another has. Empty when the other does not have it.
  Optional<StoredLayer> mount(StoredRepository from, StoredRepository to, String digest) {
    content.readLock().lock();
    try {
      return platform
          .store()
          .write(
              tx -> {
                Optional<StoredLayer> there = find(tx, from, digest);
                there.ifPresent(l -> save(tx, to, seenNow(l)));
                return there;
              });
    } finally {
      content.readLock().unlock();
    }
  }

  /// Notes that a push has found the layer here, so that it is kept until its manifest comes.
  void touch(StoredRepository in, StoredLayer layer) {
    if (layer.seen().plus(LayerSweep.KEEP.dividedBy(2)).isBefore(platform.clock().instant())) {
      platform
          .store()
          .update(tx -> find(tx, in, layer.digest()).ifPresent(l -> save(tx, in, seenNow(l))));
    }
  }

  private StoredLayer seenNow(StoredLayer l) {
    return new StoredLayer(l.digest(), l.size(), l.mediaType(), platform.clock().instant());
  }

  private void save(Tx tx, StoredRepository in, StoredLayer layer) {
    tx.put(LAYERS, in.scope().key(in.name(), layer.digest()), layer);
    tx.put(USES, Key.of(layer.digest(), in.account(), in.region(), in.name()), new Use(true));
  }

  void describe(Tx tx, StoredRepository in, String digest, String mediaType) {
    find(tx, in, digest)
        .filter(l -> !mediaType.equals(l.mediaType()))
        .ifPresent(l -> save(tx, in, new StoredLayer(digest, l.size(), mediaType, l.seen())));
  }

  List<StoredLayer> all(ReadTx tx, StoredRepository in) {
    return tx.scan(LAYERS, Key.prefix(in.account(), in.region(), in.name())).stream()
        .map(Row::value)
        .toList();
  }

  void remove(Tx tx, StoredRepository in, String digest) {
    tx.delete(LAYERS, in.scope().key(in.name(), digest));
    tx.delete(USES, Key.of(digest, in.account(), in.region(), in.name()));
  }

  /// Deletes the content of digests that no repository has any more.
  void discard(Set<String> digests) throws IOException {
    content.writeLock().lock();
    try {
      for (String digest : digests) {
        boolean used =
            platform.store().read(tx -> !tx.scan(USES, Key.prefix(digest), "", 1).isEmpty());
        if (!used) {
          platform.blobs().delete(blobId(digest));
        }
      }
    } finally {
      content.writeLock().unlock();
    }
  }
}
