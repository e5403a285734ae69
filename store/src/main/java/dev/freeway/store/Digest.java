package dev.freeway.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A digest that is computed while a blob is written.
public enum Digest {
  MD5("MD5"),
  SHA1("SHA-1"),
  SHA256("SHA-256");

  private final String algorithm;

  Digest(String algorithm) {
    this.algorithm = algorithm;
  }

  MessageDigest start() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
