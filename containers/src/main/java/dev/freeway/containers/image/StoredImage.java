package dev.freeway.containers.image;

import java.util.List;

/// An image whose manifest, config and layers are all in the store.
///
/// @param reference as asked for
/// @param digest of the manifest
public record StoredImage(
    Reference reference,
    String digest,
    Manifest manifest,
    Descriptor config,
    List<Descriptor> layers,
    ImageDocument document) {
  public long size() {
    return config.size() + layers.stream().mapToLong(Descriptor::size).sum();
  }
}
