package dev.freeway.ingress;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// Finds the end of a body in bytes that arrive bit by bit, and checks chunked coding on the way.
///
/// With `strip` the chunk coding is taken out in place (for HTTP/1.0 clients); otherwise bytes pass
/// as they came, which is safe because no other reading of them was let through.
final class BodyFraming {
  private static final int MAX_EXTENSION = 4 * 1024;
  private static final int MAX_TRAILERS = 16 * 1024;

  private enum State {
    SIZE_START,
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    LAST_LF
  }

  private final boolean chunked;
  private final boolean untilClose;
  private final boolean strip;
  private State state = State.SIZE_START;
  private long remaining;
  private int digits;
  private int extra;
  private boolean done;

  private @Nullable ByteArrayOutputStream trailers;

  /// How many bytes of the last [#take] to pass on; they start where it started.
  int payload;

  private BodyFraming(boolean chunked, boolean untilClose, long length, boolean strip) {
    this.chunked = chunked;
    this.untilClose = untilClose;
    this.strip = strip;
    this.remaining = length;
    this.done = !chunked && !untilClose && length == 0;
  }

  static BodyFraming ofRequest(Head head) {
    return ofRequest(head, false);
  }

  static BodyFraming ofRequest(Head head, boolean strip) {
    return new BodyFraming(head.chunked, false, Math.max(0, head.contentLength), strip);
  }

  static BodyFraming ofResponse(Head head, boolean toHead, boolean strip) {
    boolean none = toHead || head.status < 200 || head.status == 204 || head.status == 304;
    if (none) {
      return new BodyFraming(false, false, 0, false);
    }
    boolean untilClose = !head.chunked && head.contentLength < 0;
    return new BodyFraming(head.chunked, untilClose, Math.max(0, head.contentLength), strip);
  }

  boolean done() {
    return done;
  }

  boolean untilClose() {
    return untilClose;
  }

  /// With `strip`: the lines after the last chunk, each with its end.
  byte[] trailers() {
    return trailers == null ? new byte[0] : trailers.toByteArray();
  }

  boolean isChunked() {
    return chunked;
  }

  /// Takes what belongs to the body off the front of `b[from, to)`; returns how much that is.
  int take(byte[] b, int from, int to) throws BadMessage {
    if (done) {
      payload = 0;
      return 0;
    }
    if (untilClose) {
      payload = to - from;
      return payload;
    }
    if (!chunked) {
      int n = (int) Math.min(remaining, to - from);
      remaining -= n;
      done = remaining == 0;
      payload = n;
      return n;
    }
    return takeChunks(b, from, to);
  }

  private int takeChunks(byte[] b, int from, int to) throws BadMessage {
    int kept = from;
    int i = from;
    while (i < to && !done) {
      if (state == State.DATA) {
        int n = (int) Math.min(remaining, to - i);
        if (strip) {
          System.arraycopy(b, i, b, kept, n);
          kept += n;
        }
        i += n;
        remaining -= n;
        if (remaining == 0) {
          state = State.DATA_CR;
        }
      } else {
        step(b[i++]);
      }
    }
    payload = strip ? kept - from : i - from;
    return i - from;
  }

  private void step(byte c) throws BadMessage {
    switch (state) {
      case SIZE_START -> {
        remaining = 0;
        digits = 0;
        size(c);
        state = State.SIZE;
      }
      case SIZE -> {
        if (c == '\r') {
          state = State.SIZE_LF;
        } else if (c == ';') {
          extra = 0;
          state = State.EXTENSION;
        } else {
          size(c);
        }
      }
      case EXTENSION -> {
        if (c == '\r') {
          state = State.SIZE_LF;
        } else {
          text(c, MAX_EXTENSION);
        }
      }
      case SIZE_LF -> {
        lineFeed(c);
        extra = 0;
        state = remaining == 0 ? State.TRAILER_START : State.DATA;
      }
      case DATA_CR -> {
        need(c == '\r', "chunk end");
        state = State.DATA_LF;
      }
      case DATA_LF -> {
        lineFeed(c);
        state = State.SIZE_START;
      }
      case TRAILER_START -> {
        if (c == '\r') {
          state = State.LAST_LF;
        } else {
          keep(c);
          need(Octets.isToken(c), "trailer");
          state = State.TRAILER_NAME;
        }
      }
      case TRAILER_NAME -> {
        keep(c);
        if (c == ':') {
          state = State.TRAILER_VALUE;
        } else {
          need(Octets.isToken(c) && ++extra <= MAX_TRAILERS, "trailer");
        }
      }
      case TRAILER_VALUE -> {
        keep(c);
        if (c == '\r') {
          state = State.TRAILER_LF;
        } else {
          text(c, MAX_TRAILERS);
        }
      }
      case TRAILER_LF -> {
        lineFeed(c);
        keep(c);
        state = State.TRAILER_START;
      }
      case LAST_LF -> {
        lineFeed(c);
        done = true;
      }
      case DATA -> throw new AssertionError("data is taken in bulk");
    }
  }

  private void keep(byte c) {
    if (strip) {
      trailers = trailers == null ? new ByteArrayOutputStream() : trailers;
      trailers.write(c);
    }
  }

  private void size(byte c) throws BadMessage {
    int digit = Octets.hex(c);
    need(digit >= 0 && ++digits <= 15, "chunk size");
    remaining = remaining << 4 | digit;
  }

  private void text(byte c, int limit) throws BadMessage {
    need(Octets.isValue(c) && ++extra <= limit, "chunk extension or trailer");
  }

  private static void lineFeed(byte c) throws BadMessage {
    need(c == '\n', "line end in chunked body");
  }

  private static void need(boolean condition, String what) throws BadMessage {
    if (!condition) {
      throw BadMessage.malformed(what);
    }
  }
}
