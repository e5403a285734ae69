package dev.freeway.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;

/// A blob being written. Closed before [#commit] it leaves nothing. Not for several threads at
/// once, but any thread may go on where another stopped: uploads may span requests.
public final class BlobWriter extends OutputStream {
  private final Blobs blobs;
  private final Path temporary;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
  private final Map<Digest, MessageDigest> digests = new EnumMap<>(Digest.class);
  private long size;

  BlobWriter(Blobs blobs, Path temporary, FileChannel channel, Digest... wanted) {
    this.blobs = blobs;
    this.temporary = temporary;
    this.channel = channel;
    for (var digest : wanted) {
      digests.put(digest, digest.start());
    }
  }

  /// Bytes written so far.
  public long size() {
    return size;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (!channel.isOpen()) {
      throw new IOException("the blob is closed");
    }
    for (var digest : digests.values()) {
      digest.update(bytes, offset, length);
    }
    size += length;
    if (length > buffer.remaining()) {
      flush();
    }
    if (length >= buffer.capacity()) {
      writeFully(ByteBuffer.wrap(bytes, offset, length));
    } else {
      buffer.put(bytes, offset, length);
    }
  }

  @Override
  public void flush() throws IOException {
    writeFully(buffer.flip());
    buffer.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Makes the blob last: when this returns it is on disk, under a new id.
  public Blob commit() throws IOException {
    return publish(Blobs.newId(), digestsInHex());
  }

  /// Makes the blob last under its SHA-256, which must have been asked for. If there is one of that
  /// digest already, that one stays and this one goes.
  ///
  /// @param sha256 what it must be, in lower case hex
  /// @throws DigestMismatch it is another; the blob is discarded
  public Blob commitAs(String sha256) throws IOException {
    var hex = digestsInHex();
    var actual = hex.get(Digest.SHA256);
    if (actual == null) {
      throw new IllegalStateException("the blob was created without SHA256");
    }
    if (!actual.equals(sha256)) {
      close();
      throw new DigestMismatch(sha256, actual);
    }
    return publish(Blobs.idOfSha256(actual), hex);
  }

  private Map<Digest, String> digestsInHex() {
    var hex = new EnumMap<Digest, String>(Digest.class);
    digests.forEach((name, digest) -> hex.put(name, HexFormat.of().formatHex(digest.digest())));
    return hex;
  }

  private Blob publish(String id, Map<Digest, String> hex) throws IOException {
    if (!channel.isOpen()) {
      throw new IOException("the blob is closed");
    }
    try {
      flush();
      blobs.publish(temporary, channel, id);
    } finally {
      close();
    }
    return new Blob(id, size, Map.copyOf(hex));
  }

  /// Discards the blob, unless it was committed.
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }

  /// The content is not what it was announced to be.
  public static final class DigestMismatch extends IOException {
    DigestMismatch(String expected, String actual) {
      super("the content has SHA-256 " + actual + ", not " + expected);
    }
  }
}
