package dev.freeway.elbv2;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// The content of a chunked body. Trailers are read and dropped.
final class Dechunked extends InputStream {
  private final InputStream in;
  private long left;
  private boolean started;
  private boolean ended;

  Dechunked(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] b, int off, int len) throws IOException {
    if (left == 0 && !ended) {
      next();
    }
    if (ended) {
      return -1;
    }
    int n = in.read(b, off, (int) Math.min(len, left));
    if (n < 0) {
      throw new EOFException("the answer ended in a chunk");
    }
    left -= n;
    return n;
  }

  private void next() throws IOException {
    if (started) {
      Forwarding.line(in);
    }
    started = true;
    String size = Forwarding.line(in);
    int end = size.indexOf(';');
    left = Long.parseLong((end < 0 ? size : size.substring(0, end)).strip(), 16);
    if (left == 0) {
      ended = true;
      while (!Forwarding.line(in).isEmpty()) {
        // Trailers.
      }
    }
  }
}
