package dev.freeway.kms;

import org.jspecify.annotations.Nullable;

/// Key material in the clear: never stored, never logged.
///
/// @param secret the bytes of a symmetric key, or a private key as PKCS#8
/// @param publicKey as SubjectPublicKeyInfo; null for symmetric keys
record KeyBytes(byte[] secret, byte @Nullable [] publicKey) {
  @Override
  public String toString() {
    return "KeyBytes[…]";
  }
}
