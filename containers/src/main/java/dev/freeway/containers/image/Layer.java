package dev.freeway.containers.image;

/// A layer in the store.
///
/// @param diffId digest of its uncompressed tar
/// @param blob as it is stored and pushed
public record Layer(String diffId, Descriptor blob) {}
