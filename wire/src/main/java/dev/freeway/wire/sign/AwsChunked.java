package dev.freeway.wire.sign;

import dev.freeway.wire.http.Headers;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Decodes a body of `Content-Encoding: aws-chunked`: chunks with a size in hex and maybe a
/// signature, then trailers (checksums). What every SDK sends for PutObject.
public final class AwsChunked extends InputStream {
  private static final int MAX_LINE = 8 * 1024;

  private final InputStream in;
  private final Headers trailers = new Headers();
  private long left;
  private boolean first = true;
  private boolean done;

  public AwsChunked(InputStream in) {
    this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in, 64 * 1024);
  }

  /// Whether the headers say that the body is of this form.
  public static boolean applies(Headers headers) {
    String sha = headers.getOr("x-amz-content-sha256", "");
    return sha.startsWith("STREAMING-")
        || headers.getOr("Content-Encoding", "").contains("aws-chunked");
  }

  /// The headers after the last chunk. Complete once the stream has ended.
  public Headers trailers() {
    return trailers;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] b, int off, int len) throws IOException {
    if (len == 0) {
      return 0;
    }
    if (left == 0 && !done) {
      nextChunk();
    }
    if (done) {
      return -1;
    }
    int n = in.read(b, off, (int) Math.min(len, left));
    if (n < 0) {
      throw new IOException("aws-chunked body ended inside a chunk");
    }
    left -= n;
    return n;
  }

  private void nextChunk() throws IOException {
    if (!first && !line().isEmpty()) {
      throw new IOException("aws-chunked chunk is longer than it says");
    }
    first = false;
    String head = line();
    int semicolon = head.indexOf(';');
    String size = (semicolon < 0 ? head : head.substring(0, semicolon)).trim();
    try {
      left = Long.parseLong(size, 16);
    } catch (NumberFormatException e) {
      throw new IOException("aws-chunked chunk size is not a number: " + size);
    }
    if (left < 0) {
      throw new IOException("aws-chunked chunk size is negative");
    }
    if (left == 0) {
      readTrailers();
      done = true;
    }
  }

  private void readTrailers() throws IOException {
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        trailers.add(line.substring(0, colon).trim(), line.substring(colon + 1).trim());
      }
    }
  }

  // A line without its end; empty at the end of the stream.
  private String line() throws IOException {
    StringBuilder s = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        s.append((char) c);
      }
      if (s.length() > MAX_LINE) {
        throw new IOException("aws-chunked line is too long");
      }
    }
    return new String(s.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
