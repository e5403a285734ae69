package dev.freeway.s3;

import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;

/// What a key may be.
final class ObjectKey {
  private static final int MOST = 1024;

  private ObjectKey() {}

  static void check(String key) {
    int bytes = key.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST) {
      throw AwsException.client("KeyTooLongError", "Your key is too long")
          .with("Size", bytes)
          .with("MaxSizeAllowed", MOST);
    }
    // The two that separate the parts of a stored key; no XML could name them either.
    if (key.indexOf('\u0000') >= 0 || key.indexOf('\u0001') >= 0 || key.indexOf('\uFFFD') >= 0) {
      throw S3Error.invalidArgument("Object key is not valid UTF-8 text", "key", key);
    }
  }

  /// Whether there can be such an object.
  static boolean isPossible(String key) {
    return key.indexOf('\u0000') < 0 && key.indexOf('\u0001') < 0;
  }
}
