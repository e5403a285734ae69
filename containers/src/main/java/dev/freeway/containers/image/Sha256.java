package dev.freeway.containers.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Digests in the form images use: `sha256:` and 64 hex digits.
public final class Sha256 {
  private Sha256() {}

  public static String of(byte[] content) {
    return text(digest().digest(content));
  }

  public static String of(String content) {
    return of(content.getBytes(StandardCharsets.UTF_8));
  }

  /// Digest of a file's content.
  public static String of(java.nio.file.Path file) throws IOException {
    try (var in = new CountedInput(java.nio.file.Files.newInputStream(file))) {
      in.transferTo(OutputStream.nullOutputStream());
      return in.sum();
    }
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(byte[] hash) {
    return "sha256:" + HexFormat.of().formatHex(hash);
  }

  static String hex(String digest) throws IOException {
    if (!digest.matches("sha256:[0-9a-f]{64}")) {
      throw new IOException("not a sha256 digest: " + digest);
    }
    return digest.substring(7);
  }

  /// Passes bytes on, and knows their digest and number.
  static final class Counting extends OutputStream {
    private final OutputStream out;
    private final MessageDigest digest = digest();
    private long size;

    Counting(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      digest.update(bytes, offset, length);
      size += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }

    long size() {
      return size;
    }

    /// Call once, after the last byte.
    String sum() {
      return text(digest.digest());
    }
  }
}
