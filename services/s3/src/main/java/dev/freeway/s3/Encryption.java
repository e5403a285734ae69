package dev.freeway.s3;

import org.jspecify.annotations.Nullable;

/// The server-side encryption an object says it has. Freeway keeps the bytes as they are.
record Encryption(String algorithm, @Nullable String kmsKeyId, @Nullable Boolean bucketKey) {
  static final Encryption S3 = new Encryption("AES256", null, null);
}
