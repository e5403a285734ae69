package dev.freeway.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// A payload that is streamed, never held whole: the body of an S3 object, for instance.
public interface Body {
  /// The bytes. May be called once for a body that comes from the network.
  InputStream open() throws IOException;

  /// The length in bytes, or -1 when it is not known before the end.
  long length();

  static Body of(byte[] bytes) {
    return new Bytes(bytes);
  }

  static Body of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  static Body of(InputStream stream, long length) {
    return new Streamed(stream, length);
  }

  /// All bytes at once, for bodies known to be small.
  default byte[] bytes() {
    try (InputStream in = open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes all of it. A body that is made while it is sent overrides this and opens nothing.
  default void writeTo(java.io.OutputStream out) throws IOException {
    try (InputStream in = open()) {
      in.transferTo(out);
    }
  }

  record Bytes(byte[] content) implements Body {
    @Override
    public InputStream open() {
      return new ByteArrayInputStream(content);
    }

    @Override
    public long length() {
      return content.length;
    }

    @Override
    public byte[] bytes() {
      return content;
    }
  }

  record Streamed(InputStream stream, long length) implements Body {
    @Override
    public InputStream open() {
      return stream;
    }
  }
}
