package dev.freeway.platform;

import java.security.SecureRandom;
import java.util.UUID;

/// Identifiers in the forms AWS gives them. Random and long enough never to be issued twice.
public final class Ids {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String HEX = "0123456789abcdef";
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String ALPHANUMERIC =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private Ids() {}

  public static String uuid() {
    return UUID.randomUUID().toString();
  }

  /// `vpc-` + 17 digits, an ECS task id of 32, a load balancer's 16.
  public static String hex(int length) {
    return random(HEX, length);
  }

  /// Access key and principal ids: `AKIA` + 16.
  public static String base32(int length) {
    return random(BASE32, length);
  }

  public static String alphanumeric(int length) {
    return random(ALPHANUMERIC, length);
  }

  private static String random(String alphabet, int length) {
    StringBuilder s = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      s.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
    }
    return s.toString();
  }
}
