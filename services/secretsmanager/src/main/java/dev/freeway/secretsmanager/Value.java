package dev.freeway.secretsmanager;

import dev.freeway.secretsmanager.api.SecretsmanagerErrors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A value in the clear.
record Value(byte[] bytes, boolean binary) {
  private static final int MOST = 65536;

  /// What a request carries; null when it carries none.
  static @Nullable Value of(@Nullable String text, byte @Nullable [] bytes) {
    if (text != null && bytes != null) {
      throw SecretsmanagerErrors.invalidParameterException(
          "You can't specify both a binary secret value and a string secret value in the same secret.");
    }
    Value value;
    if (bytes != null) {
      value = new Value(bytes, true);
    } else if (text != null) {
      value = new Value(text.getBytes(StandardCharsets.UTF_8), false);
    } else {
      return null;
    }
    if (value.bytes.length > MOST) {
      throw SecretsmanagerErrors.invalidParameterException(
          "The secret value has " + value.bytes.length + " bytes; the most is " + MOST + ".");
    }
    return value;
  }

  @Nullable String text() {
    return binary ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  byte @Nullable [] blob() {
    return binary ? bytes : null;
  }

  boolean same(Value other) {
    return binary == other.binary && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return "Value[…]";
  }
}
