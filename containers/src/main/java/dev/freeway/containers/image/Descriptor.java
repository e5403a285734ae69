package dev.freeway.containers.image;

/// A pointer to content: what it is, its digest and its size in bytes.
public record Descriptor(String mediaType, String digest, long size) {}
