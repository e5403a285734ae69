package dev.freeway.ecr;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.Tx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/// Deletes layers that no image of their repository names any more, an hour after a push last saw
/// them: a manifest that is on its way may name them again.
final class LayerSweep implements Reconciler {
  static final Duration KEEP = Duration.ofHours(1);
  static final String KIND = "ecr.layers";

  private final Platform platform;
  private final Repositories repositories;
  private final StoredImages images;
  private final Layers layers;

  LayerSweep(Platform platform, Repositories repositories, StoredImages images, Layers layers) {
    this.platform = platform;
    this.repositories = repositories;
    this.images = images;
    this.layers = layers;
  }

  /// After images went.
  void later(Tx tx, StoredRepository in) {
    Instant due = platform.clock().instant().plus(KEEP);
    platform.flow().wakeAt(tx, KIND, in.scope().key(in.name()), due);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) throws IOException {
    String[] parts = Key.parts(key);
    Scope scope = new Scope(parts[0], parts[1]);
    Instant before = platform.clock().instant().minus(KEEP);
    Set<String> gone = new HashSet<>();
    boolean young =
        platform
            .store()
            .write(
                tx -> {
                  var in = repositories.find(tx, scope, parts[2]);
                  return in.isPresent() && sweep(tx, in.get(), before, gone);
                });
    layers.discard(gone);
    return young ? Outcome.retryAfter(KEEP) : Outcome.done();
  }

  private boolean sweep(Tx tx, StoredRepository in, Instant before, Set<String> gone) {
    Set<String> named = new HashSet<>();
    images.all(tx, in).forEach(i -> named.addAll(i.blobs()));
    boolean young = false;
    for (StoredLayer layer : layers.all(tx, in)) {
      if (!named.contains(layer.digest())) {
        if (layer.seen().isAfter(before)) {
          young = true;
        } else {
          layers.remove(tx, in, layer.digest());
          gone.add(layer.digest());
        }
      }
    }
    return young;
  }
}
