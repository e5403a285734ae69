package dev.freeway.kms;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One backing key of a KMS key. A rotation adds one; the old ones go on decrypting.
///
/// @param number 1 is the first
/// @param id 64 hexadecimal digits
/// @param sealed the secret under the node's master key; null when imported material was deleted
/// @param publicKey of asymmetric keys
/// @param rotation AUTOMATIC or ON_DEMAND; null for the first
/// @param validTo when imported material expires
record Material(
    int number,
    String id,
    byte @Nullable [] sealed,
    byte @Nullable [] publicKey,
    Instant created,
    @Nullable String rotation,
    @Nullable Instant validTo,
    @Nullable String description) {

  Material without() {
    return new Material(number, id, null, publicKey, created, rotation, null, description);
  }
}
