package dev.freeway.containers.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes the form in which the shim is told what to do: NUL-ended words.
final class Tokens {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// A key and its values; nothing when a value is null.
  Tokens put(@Nullable Object... words) {
    for (var word : words) {
      if (word == null) {
        return this;
      }
    }
    for (var word : words) {
      var text = String.valueOf(word);
      if (text.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a NUL character in " + words[0]);
      }
      out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      out.write(0);
    }
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
