package dev.freeway.containers.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// Knows the digest of what was read through it.
final class CountedInput extends FilterInputStream {
  private final MessageDigest digest = Sha256.digest();

  CountedInput(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    if (b >= 0) {
      digest.update((byte) b);
    }
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    if (read > 0) {
      digest.update(bytes, offset, read);
    }
    return read;
  }

  @Override
  public long skip(long n) throws IOException {
    // Skipped bytes count too.
    var buffer = new byte[(int) Math.min(n, 1 << 16)];
    int read = read(buffer, 0, buffer.length);
    return Math.max(read, 0);
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /// Call once, at the end.
  String sum() {
    return Sha256.text(digest.digest());
  }
}
