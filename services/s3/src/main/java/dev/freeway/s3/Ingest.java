package dev.freeway.s3;

import dev.freeway.store.Blob;
import dev.freeway.store.BlobWriter;
import dev.freeway.store.Blobs;
import dev.freeway.store.Digest;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.sign.AwsChunkedBody;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Takes a request's body to disk and checks it on the way: its length, its MD5, its checksum.
/// Nothing is left behind of a body that is not what it was announced to be.
final class Ingest {
  private static final int BUFFER = 128 * 1024;
  private static final long LARGEST = 5L << 30;

  private final Blobs blobs;

  Ingest(Blobs blobs) {
    this.blobs = blobs;
  }

  /// What arrived, on disk.
  ///
  /// @param md5 in hex
  record Received(Blob blob, String md5, @Nullable Checksum checksum) {
    long size() {
      return blob.size();
    }
  }

  /// @param contentMd5 in base64, as the header has it
  Received receive(
      @Nullable Body body,
      @Nullable Long announced,
      @Nullable String contentMd5,
      ChecksumRequest wanted) {
    Body content = body == null ? Body.of(new byte[0]) : body;
    checkMd5Form(contentMd5);
    checkLength(content, announced);
    ChecksumAlgorithm.Running sum = wanted.algorithm() == null ? null : wanted.algorithm().start();
    try (BlobWriter writer = blobs.create(Digest.MD5)) {
      copy(content, writer, sum);
      long expected = content.length();
      if (expected >= 0 && writer.size() != expected) {
        throw incomplete();
      }
      Checksum checksum = sum == null ? null : verify(wanted, content, sum.base64());
      // The MD5 is only known when the blob is committed, so a wrong one is deleted again.
      Blob blob = writer.commit();
      if (contentMd5 != null && !contentMd5.equals(base64(blob.md5()))) {
        blobs.delete(blob.id());
        throw AwsException.client(
                "BadDigest", "The Content-MD5 you specified did not match what we received.")
            .with("ExpectedDigest", contentMd5)
            .with("CalculatedDigest", base64(blob.md5()));
      }
      return new Received(blob, blob.md5(), checksum);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void copy(Body content, BlobWriter writer, ChecksumAlgorithm.@Nullable Running sum)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = content.open()) {
      for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
        if (sum != null) {
          sum.update(buffer, 0, n);
        }
        writer.write(buffer, 0, n);
        if (writer.size() > LARGEST) {
          throw tooLarge();
        }
      }
    }
  }

  // What fails here is the connection or the framing, not the disk.
  private static int read(InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw incomplete();
    }
  }

  private static Checksum verify(ChecksumRequest wanted, Body content, String computed) {
    ChecksumAlgorithm algorithm = Objects.requireNonNull(wanted.algorithm());
    String given = wanted.value();
    if (given == null && content instanceof AwsChunkedBody chunked) {
      given = chunked.trailers().get(algorithm.header());
    }
    if (given != null && !given.equals(computed)) {
      throw AwsException.client(
          "BadDigest",
          "The " + algorithm + " you specified did not match the calculated checksum.");
    }
    return new Checksum(algorithm, computed, Checksum.FULL);
  }

  private static void checkMd5Form(@Nullable String md5) {
    if (md5 == null) {
      return;
    }
    try {
      if (Base64.getDecoder().decode(md5).length == 16) {
        return;
      }
    } catch (IllegalArgumentException e) {
      throw invalidDigest(md5);
    }
    throw invalidDigest(md5);
  }

  private static void checkLength(Body content, @Nullable Long announced) {
    if (content.length() < 0 && announced == null) {
      throw AwsException.of(
          "MissingContentLength", 411, "You must provide the Content-Length HTTP header.");
    }
    if (content.length() > LARGEST) {
      throw tooLarge();
    }
  }

  private static AwsException invalidDigest(String md5) {
    return AwsException.client("InvalidDigest", "The Content-MD5 you specified was invalid.")
        .with("Content-MD5", md5);
  }

  private static AwsException incomplete() {
    return AwsException.client(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header");
  }

  private static AwsException tooLarge() {
    return AwsException.client(
            "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        .with("MaxSizeAllowed", LARGEST);
  }

  static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }
}
