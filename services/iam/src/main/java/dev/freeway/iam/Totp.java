package dev.freeway.iam;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Time-based one-time passwords of six digits, a new one every 30 seconds (RFC 6238, RFC 4226).
final class Totp {
  private static final int SECONDS = 30;
  private static final int MODULUS = 1_000_000;
  // Clocks differ: this many steps before and after now are searched.
  private static final int DRIFT = 10;

  private Totp() {}

  /// Whether the two codes follow each other, about now.
  static boolean follow(byte[] secret, String first, String second, Instant now) {
    long step = now.getEpochSecond() / SECONDS;
    for (long s = step - DRIFT; s <= step + DRIFT; s++) {
      if (code(secret, s).equals(first) && code(secret, s + 1).equals(second)) {
        return true;
      }
    }
    return false;
  }

  static String code(byte[] secret, long step) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      int offset = hash[hash.length - 1] & 0xf;
      int number = ByteBuffer.wrap(hash, offset, Integer.BYTES).getInt() & Integer.MAX_VALUE;
      return String.format(Locale.ROOT, "%06d", number % MODULUS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
