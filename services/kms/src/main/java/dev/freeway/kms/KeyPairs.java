package dev.freeway.kms;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/// Java's keys from stored bytes.
final class KeyPairs {
  private KeyPairs() {}

  static PrivateKey privateKey(KeyAccess.Usable key) {
    try {
      return KeyFactory.getInstance(key.key().spec().factory())
          .generatePrivate(new PKCS8EncodedKeySpec(key.bytes().secret()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static PublicKey publicKey(KeyAccess.Usable key) {
    try {
      return KeyFactory.getInstance(key.key().spec().factory())
          .generatePublic(new X509EncodedKeySpec(key.bytes().publicKey()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
