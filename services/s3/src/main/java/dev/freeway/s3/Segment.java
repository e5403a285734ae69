package dev.freeway.s3;

/// A stretch of a blob: objects are made of one or, after a multipart upload, of several.
///
/// @param blob the id in [dev.freeway.store.Blobs]
/// @param offset in bytes from the blob's start
/// @param length in bytes
record Segment(String blob, long offset, long length) {}
