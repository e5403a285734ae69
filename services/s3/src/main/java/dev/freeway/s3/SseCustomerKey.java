package dev.freeway.s3;

import dev.freeway.wire.AwsException;
import org.jspecify.annotations.Nullable;

/// Encryption with the customer's key. Freeway has none: to take the key and store plain bytes
/// would be a lie.
final class SseCustomerKey {
  private SseCustomerKey() {}

  static void refuse(@Nullable String algorithm) {
    if (algorithm != null) {
      throw AwsException.client(
          "NotImplemented", "Freeway does not encrypt with customer-provided keys (SSE-C) yet");
    }
  }
}
