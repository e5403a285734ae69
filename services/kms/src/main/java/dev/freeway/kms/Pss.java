package dev.freeway.kms;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/// EMSA-PSS of RFC 8017 (9.1), with MGF1 of the same hash and a salt as long as the hash. Java's
/// own signs messages only, never digests.
final class Pss {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Pss() {}

  static byte[] encode(byte[] digest, String hash, int modulusBits)
      throws GeneralSecurityException {
    byte[] salt = new byte[digest.length];
    RANDOM.nextBytes(salt);
    return encode(digest, salt, hash, modulusBits);
  }

  private static byte[] encode(byte[] digest, byte[] salt, String hash, int modulusBits)
      throws GeneralSecurityException {
    int length = (modulusBits - 1 + 7) / 8;
    byte[] h = hash(digest, salt, hash);
    byte[] db = new byte[length - h.length - 1];
    db[db.length - salt.length - 1] = 1;
    System.arraycopy(salt, 0, db, db.length - salt.length, salt.length);
    mask(db, h, hash);
    db[0] &= (byte) (0xff >> (8 * length - (modulusBits - 1)));
    byte[] encoded = Arrays.copyOf(db, length);
    System.arraycopy(h, 0, encoded, db.length, h.length);
    encoded[length - 1] = (byte) 0xbc;
    return encoded;
  }

  static boolean verify(byte[] opened, byte[] digest, String hash, int modulusBits)
      throws GeneralSecurityException {
    int length = (modulusBits - 1 + 7) / 8;
    // The raw operation answers as many bytes as the modulus has.
    byte[] encoded = Arrays.copyOfRange(opened, opened.length - length, opened.length);
    if (encoded[length - 1] != (byte) 0xbc) {
      return false;
    }
    byte[] db = Arrays.copyOf(encoded, length - digest.length - 1);
    byte[] h = Arrays.copyOfRange(encoded, db.length, length - 1);
    mask(db, h, hash);
    byte[] salt = Arrays.copyOfRange(db, db.length - digest.length, db.length);
    return MessageDigest.isEqual(h, hash(digest, salt, hash))
        && MessageDigest.isEqual(encoded, encode(digest, salt, hash, modulusBits));
  }

  private static byte[] hash(byte[] digest, byte[] salt, String hash)
      throws GeneralSecurityException {
    MessageDigest m = MessageDigest.getInstance(hash);
    m.update(new byte[8]);
    m.update(digest);
    return m.digest(salt);
  }

  /// Combines `db` with MGF1 of `seed`.
  private static void mask(byte[] db, byte[] seed, String hash) throws GeneralSecurityException {
    MessageDigest m = MessageDigest.getInstance(hash);
    for (int i = 0, counter = 0; i < db.length; counter++) {
      m.update(seed);
      byte[] block =
          m.digest(
              new byte[] {
                (byte) (counter >> 24),
                (byte) (counter >> 16),
                (byte) (counter >> 8),
                (byte) counter
              });
      for (int j = 0; j < block.length && i < db.length; j++, i++) {
        db[i] ^= block[j];
      }
    }
  }
}
