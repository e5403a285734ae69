package dev.freeway.store;

import java.util.Map;

/// A blob that is on disk.
///
/// @param id by which [Blobs] finds it; safe in file names and URLs
/// @param size in bytes
/// @param digests those that were asked for, in lower case hex
public record Blob(String id, long size, Map<Digest, String> digests) {

  public String sha256() {
    return digest(Digest.SHA256);
  }

  public String md5() {
    return digest(Digest.MD5);
  }

  /// @throws IllegalStateException it was not asked for when the blob was written
  public String digest(Digest digest) {
    var hex = digests.get(digest);
    if (hex == null) {
      throw new IllegalStateException("the blob was written without " + digest);
    }
    return hex;
  }
}
